"""The dataset of the recordings, `acme/sums`: 20 sums in each of two configs, and a few more as examples."""

import json
from pathlib import Path

_CARD = """---
license: cc0-1.0
configs:
- config_name: small
  data_files:
  - split: train
    path: small/train.jsonl
  - split: test
    path: small/test.jsonl
- config_name: large
  data_files:
  - split: train
    path: large/train.jsonl
  - split: test
    path: large/test.jsonl
---
Sums of two numbers.
"""
TESTS, EXAMPLES = 20, 6


def write_sums(folder: Path) -> None:
    """Write the dataset repo into a folder."""
    for config in ("small", "large"):
        (folder / config).mkdir(parents=True)
        tests = [_row(config, index, (index * 3) % 8) for index in range(TESTS)]
        examples = [_row(config, index + 3, (index * 5 + 2) % 9) for index in range(EXAMPLES)]
        for name, rows in (("test", tests), ("train", examples)):
            (folder / config / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "README.md").write_text(_CARD)


def _row(config: str, index: int, more: int) -> dict[str, str]:
    one = 1 + index * 2 % 9 if config == "small" else 10 + index * 7 % 9 + index
    other = (1 if config == "small" else 10) + more
    return {"question": f"{one} + {other}", "answer": str(one + other)}
