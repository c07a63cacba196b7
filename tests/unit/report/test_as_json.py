import json
from typing import Any

import jsonschema
import pytest

from evalmark import artifact
from evalmark.finding import Finding, Place, Severity
from evalmark.report.as_json import verdicts_as_json
from evalmark.verdict import Answer, Verdict, Verdicts
from tests.builders import MODEL_SHA, claim, verdict

NUMBERS = ("measured", "difference", "interval", "samples_used", "samples_total", "unit")
VERDICTS = (
    verdict(claim=claim(notes='"quoted" – ünï', dataset_revision="b" * 40)),
    verdict(Answer.VERIFIED),
    verdict(Answer.NOT_RERUNNABLE, None),
)
FINDING = Finding("task-exists", Severity.ERROR, Place("a.yaml", 3, 14, "[0].dataset.task_id"), "no task", "mend it")


def written(*verdicts: Verdict, findings: tuple[Finding, ...] = ()) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(verdicts_as_json(verdicts, findings))
    return body


def test_verdicts_as_json__says_its_kind_first() -> None:
    assert list(written(*VERDICTS)) == ["kind", "at", "verdicts", "counts", "findings", "wrong_together"]
    assert written()["kind"] == "verdict/1"


def test_verdicts_as_json__a_claim_says_what_and_where() -> None:
    about = written(*VERDICTS)["verdicts"][0]["claim"]

    assert about == about | {
        "model": "acme/model",
        "model_revision": MODEL_SHA,
        "dataset_id": "acme/sums",
        "task_id": "sums",
        "value": 57.0,
        "file": ".eval_results/sums.yaml",
        "line": 4,
    }


def test_verdicts_as_json__numbers_stand_at_the_top_of_a_verdict() -> None:
    (item,) = written(VERDICTS[0])["verdicts"]

    assert (item["verdict"], item["rung"]) == ("mismatch", "full")
    assert [item[name] for name in NUMBERS] == [47.0, -10.0, [47.0, 47.0], 100, 100, "percent"]
    assert "comparison" not in item


def test_verdicts_as_json__numbers_are_null_when_nothing_was_measured() -> None:
    (item,) = written(VERDICTS[2])["verdicts"]

    assert [item[name] for name in NUMBERS] == [None] * len(NUMBERS)


def test_verdicts_as_json__comes_back_as_it_was() -> None:
    body = artifact.loads("verdict/1", verdicts_as_json(VERDICTS, [FINDING]))

    assert Verdicts.model_validate(body).verdicts == VERDICTS


@pytest.mark.parametrize("item", VERDICTS, ids=lambda item: item.verdict.value)
def test_verdicts_as_json__agrees_with_its_json_schema(item: Verdict) -> None:
    schema = Verdicts.model_json_schema(mode="serialization")
    body = artifact.loads("verdict/1", verdicts_as_json([item], [FINDING]))

    jsonschema.Draft202012Validator(schema).validate(body)


def test_verdicts_as_json__is_closed_against_unknown_keys() -> None:
    (item,) = written(VERDICTS[0])["verdicts"]

    with pytest.raises(ValueError, match="extra_forbidden"):
        Verdict.model_validate(item | {"comment": "<b>"})


def test_verdicts_as_json__counts_every_kind_of_verdict() -> None:
    assert written(*VERDICTS, VERDICTS[0])["counts"] == {
        "mismatch": 2,
        "error": 0,
        "inconclusive": 0,
        "not-rerunnable": 1,
        "verified": 1,
    }


def test_verdicts_as_json__has_the_findings() -> None:
    assert written(findings=(FINDING,))["findings"] == [
        {
            "rule": "task-exists",
            "severity": "error",
            "path": "a.yaml",
            "line": 3,
            "column": 14,
            "pointer": "[0].dataset.task_id",
            "message": "no task",
            "help": "mend it",
        }
    ]


def test_verdicts_as_json__keeps_letters_readable_and_ends_with_a_line() -> None:
    text = verdicts_as_json(VERDICTS, [])

    assert '\\"quoted\\" – ünï' in text
    assert text.endswith("}\n")
