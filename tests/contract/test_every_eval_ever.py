"""Our records before the validator of Every Eval Ever itself, as their collection runs it."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from evalmark.authoring.every_eval_ever import Told, record
from evalmark.formats.results import DatasetRef, Entry, Source

# `make test` lays it there: it is not made for the Python of the tests, so it is no package of theirs.
VALIDATOR = Path(sys.prefix) / "every-eval-ever"
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
DATASET = DatasetRef(id="cais/hle", task_id="hle", revision="a" * 40)
ENTRIES = (
    (Entry(dataset=DatasetRef(id="cais/hle", task_id="hle"), value=41.2), Told("acme/model")),
    (Entry(dataset=DATASET, value=1200.0), Told("acme/model", unit="percent", lower_is_better=True)),
    (
        Entry(
            dataset=DATASET,
            value=0.412,
            date="2026-01-15",
            source=Source(url="https://example.org/log", name="Evaluation log", user="ada"),
            notes="With tools",
        ),
        Told("acme/model", "b" * 40, unit="fraction", metric="accuracy", harness="inspect_ai", harness_version="0.3"),
    ),
)


def judged(folder: Path, records: list[dict[str, Any]]) -> tuple[int, list[dict[str, Any]]]:
    """What the validator says of records that lie where the collection keeps them."""
    place = folder / "data/hle/acme/model"
    place.mkdir(parents=True)
    for number, body in enumerate(records):
        (place / f"8de51aec-0ecc-44a2-849c-d8326463afd{number}.json").write_text(json.dumps(body))
    ran = subprocess.run(
        [sys.executable, "-m", "every_eval_ever", "validate", "--format=json", "data/hle/acme/model/*.json"],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(VALIDATOR)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.stdout, ran.stderr
    return ran.returncode, json.loads(ran.stdout)


def test_records__are_accepted(tmp_path: Path) -> None:
    code, reports = judged(tmp_path, [record(entry, told, NOW) for entry, told in ENTRIES])

    assert [(report["valid"], report["errors"], report["warnings"]) for report in reports] == [(True, [], [])] * 3
    assert code == 0


def test_record_with_a_score_off_its_scale__is_refused(tmp_path: Path) -> None:
    entry, told = ENTRIES[2]
    body = json.loads(json.dumps(record(entry, told, NOW)))
    body["evaluation_results"][0]["score_details"]["score"] = 41.2
    code, (report,) = judged(tmp_path, [body])

    assert "outside [min_score=0, max_score=1]" in report["errors"][0]["msg"]
    assert code == 1
