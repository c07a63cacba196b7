"""The answer to /explain."""

from evalmark.report.as_json import verdicts_as_json
from evalmark.verdict import Answer
from evalmark.web.explain import LONGEST_BYTES, NOTHING, explain, explanation
from tests.builders import verdict

HEAD = "f" * 40


def test_explain__says_why_and_how_sure() -> None:
    shown = verdict(Answer.MISMATCH, advice="Correct the score.", reason="It lies outside.")

    text = explain([shown], shown.claim.model_revision)

    assert text.startswith("### evalmark explains: 1 mismatch\n")
    for words in ("It lies outside.", "Correct the score.", "Margins", "Chance of a wrong verdict", "Samples"):
        assert words in text
    assert "is at" not in text


def test_explain__an_older_commit_is_said() -> None:
    assert f"the pull request is at <code>{HEAD[:12]}</code> now" in explain([verdict()], HEAD)


def test_explain__foreign_words_are_escaped() -> None:
    text = explain([verdict(reason="@everybody <img src=x> `x`")], HEAD)

    assert "@everybody" not in text
    assert "<img" not in text


def test_explain__fits_into_a_comment() -> None:
    many = [verdict(reason="Ü" * 400) for _ in range(200)]

    text = explain(many, HEAD)

    assert len(text.encode()) <= LONGEST_BYTES
    assert "more claims are left out" in text


def test_explanation__of_nothing() -> None:
    for report in (None, "", "{}", '{"kind": "verdict/9"}'):
        draft = explanation(report, HEAD, 5)
        assert (draft.text, draft.sha, draft.key, draft.run.number) == (NOTHING, HEAD, "explain", 5)


def test_explanation__is_about_the_commit_of_the_report() -> None:
    shown = verdict()

    draft = explanation(verdicts_as_json([shown], ()), HEAD, 5)

    assert draft.sha == shown.claim.model_revision
    assert draft.body.startswith("[//]: # (evalmark:sticky:v1:explain sha=")
