"""What a linked log says, in lines."""

from evalmark.logged import LogEvidence
from evalmark.report.evidence import evidence_lines
from evalmark.report.markdown import verdicts_as_markdown
from evalmark.report.text import verdicts_as_text
from evalmark.verdict import DifferingSample, PairedRecord, Verdict
from tests.builders import verdict

KEY = "a" * 64
SAMPLE = DifferingSample(key=KEY, id="12", logged=1.0, rerun=None)


def edited(number: int) -> dict[str, object]:
    return {"key": KEY, "id": str(number), "question": f"q{number}?", "logged": [1.0], "rescored": [0.0]}


def with_log(count: int = 0, **more: object) -> Verdict:
    body: dict[str, object] = {"file": "a.eval", "state": "contradicts", "rung": "rescored", "reason": "it gives 52.0"}
    body |= {"edited": [edited(number) for number in range(min(count, 20))], "edited_count": count} | more
    return verdict(log=LogEvidence.model_validate(body))


def test_evidence__without_a_log_says_nothing() -> None:
    assert list(evidence_lines(verdict())) == []


def test_evidence__names_what_is_wrong_or_not_recorded() -> None:
    checks = [
        {"name": "task", "state": "right", "says": "the task is right"},
        {"name": "revision", "state": "not recorded", "says": "the log has no revision"},
        {"name": "samples", "state": "wrong", "says": "3 are missing"},
    ]

    assert list(evidence_lines(with_log(checks=checks))) == [
        "log a.eval: contradicts, it gives 52.0",
        "not recorded: the log has no revision",
        "wrong: 3 are missing",
    ]


def test_evidence__names_edited_samples() -> None:
    lines = list(evidence_lines(with_log(5)))

    assert len(lines) == 6
    assert lines[1] == "edited: sample 0 “q0?”, logged 1, its transcript gives 0"


def test_evidence__of_many_edited_samples_names_ten() -> None:
    assert list(evidence_lines(with_log(31)))[-1] == "and 21 more edited samples; see verdict.json"


def test_evidence__beside_a_rerun() -> None:
    paired = PairedRecord(compared=200, lost=31, gained=9, not_reproduced=True, differ=(SAMPLE,))

    assert list(evidence_lines(verdict(paired=paired))) == [
        "beside the log: of 200 samples the rerun lost 31 and gained 9",
        "differs: sample 12 of the log, logged 1, now none",
        "log not reproduced: more samples differ than two runs of one system would",
    ]


def test_evidence__of_a_rerun_that_agrees() -> None:
    paired = PairedRecord(compared=200, lost=0, gained=0, not_reproduced=False, differ=())

    assert list(evidence_lines(verdict(paired=paired))) == [
        "beside the log: of 200 samples the rerun lost 0 and gained 0"
    ]


def test_evidence__a_value_that_is_missing() -> None:
    nothing = edited(0) | {"rescored": [None]}

    assert list(evidence_lines(with_log(edited=[nothing])))[1].endswith("logged 1, its transcript gives none")


def test_evidence__stands_in_both_reports() -> None:
    told = with_log(1)

    assert "    edited: sample 0 “q0?”" in verdicts_as_text([told], colour=False)
    assert "<code>edited: sample 0 “q0?”" in verdicts_as_markdown([told])
