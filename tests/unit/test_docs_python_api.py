"""`docs/python-api.md`: its examples run in their order, and print what the page says."""

import contextlib
import io
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from scripts.regenerate import ROOT
from tests.recordings import HERE

PAGE = (ROOT / "docs/python-api.md").read_text("utf-8")
# A block of Python, and the block of YAML that it prints if one follows.
EXAMPLE = re.compile(r"^```python\n(.*?)^```$(?:\n\n^```yaml\n(.*?)^```$)?", re.DOTALL | re.MULTILINE)
COMMENT = re.compile(r"print\(.*\)  # (.*)$|^\s*# (.*)$")


def printed(code: str, names: dict[str, Any]) -> str:
    """What an example prints."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "docs/python-api.md", "exec"), names)
    return out.getvalue().strip()


def told(code: str) -> str:
    """What the comments of an example say that it prints."""
    matches = filter(None, map(COMMENT.search, code.splitlines()))
    return "\n".join(match[1] or match[2] for match in matches)


def test_examples__run_in_their_order_and_print_what_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(HERE / "lm-eval" / "group", tmp_path / "results")
    examples = [(match[1], match[2]) for match in EXAMPLE.finditer(PAGE)]
    names: dict[str, Any] = {}

    assert len(examples) == 10
    for code, yaml in examples:
        assert printed(code, names) == (told(code) if yaml is None else yaml.strip()), code
