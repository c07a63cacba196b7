"""What a pull request is told, whatever is in it: within the host's limit, and no table cut off."""

import dataclasses

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from hypothesis import given, settings
from hypothesis import strategies as st

from evalmark.finding import Finding, Place, Severity
from evalmark.plan.changes import changes
from evalmark.report.overall import overall
from evalmark.report.pull_request import COMMENT_BYTES, Told, told_as_markdown
from evalmark.verdict import Answer, Verdict
from tests.builders import claim, entries, entry_text, verdict
from tests.unit.report.hostile import MARK, hostile, verdict_with
from tests.unit.report.test_markdown import Document

HEAD, NEWER = "a" * 40, "b" * 40
FAIL_ON = frozenset({"mismatch"})


def finding(text: str = "wrong", line: int = 1) -> Finding:
    return Finding("value-missing", Severity.ERROR, Place(".eval_results/a.yaml", line), text, f"mend {text}")


def told(*verdicts: Verdict, findings: tuple[Finding, ...] = (), **more: object) -> Told:
    base = Told(
        HEAD, overall(verdicts, findings, FAIL_ON), verdicts, findings, run_url="https://github.com/a/b/actions/runs/1"
    )
    return dataclasses.replace(base, **more)  # type: ignore[arg-type] # a test names what it is about


def test_told__says_everything_while_there_is_room() -> None:
    changed = changes((), entries(entry_text("57.0")))
    text = told_as_markdown(told(verdict(), findings=(finding(),), changes=changed, digest="f" * 64))

    for part in ("1 file with errors, 1 mismatch", "wrong", "What was run", "Why, and where", "added", "f" * 64):
        assert part in text


def test_told__a_head_that_moved_is_said_first() -> None:
    text = told_as_markdown(told(verdict(), moved_to=NEWER))

    assert "<b>Superseded</b>" in text.split("\n\n")[1]
    assert f"<code>{NEWER[:12]}</code>" in text


@pytest.mark.parametrize("most", [COMMENT_BYTES, 20_000, 8_000, 3_000, 1_500])
def test_told__of_very_many_claims_stays_within_the_limit_with_every_table_whole(most: int) -> None:
    many = [verdict(Answer.MISMATCH, claim=claim(notes="n" * 190, position=index)) for index in range(300)]
    text = told_as_markdown(told(*many, findings=tuple(finding("é" * 300, index) for index in range(1, 60))), most)

    assert len(text.encode()) <= most
    assert text.count("<table>") == text.count("</table>")
    assert text.count("<details>") == text.count("</details>")
    assert "more claims" in text
    assert "the summary of the run</a>" in text


def test_told__details_of_what_is_fine_go_first() -> None:
    fine = [verdict(Answer.VERIFIED, reason="all is fine " * 20) for _ in range(60)]
    text = told_as_markdown(told(verdict(Answer.MISMATCH, reason="a certain fault"), *fine), 30_000)

    assert "a certain fault" in text
    assert "all is fine" not in text
    assert text.count("✔ verified") == 60


def test_told__the_worst_rows_stay_longest() -> None:
    fine = [verdict(Answer.VERIFIED) for _ in range(300)]
    text = told_as_markdown(told(*fine, verdict(Answer.MISMATCH)), 4_000)

    assert "✘ mismatch" in text


def test_told__without_a_run_to_link_to() -> None:
    text = told_as_markdown(told(*(verdict() for _ in range(300)), run_url=""), 4_000)

    assert "see the summary of the run.</p>" in text
    assert "<a href" not in text


HARMLESS = told(verdict_with("harmless"), findings=(finding("harmless"),))


@settings(max_examples=500, deadline=None)
@given(hostile)
def test_told__hostile_text_changes_no_structure(foreign: str) -> None:
    """GitHub's own renderer finds the same tags, links and images as for harmless text."""
    attacked = told(verdict_with(foreign), findings=(finding(foreign),))

    assert Document(told_as_markdown(attacked)).structure == Document(told_as_markdown(HARMLESS)).structure


@given(st.lists(st.sampled_from(list(Answer)), max_size=4), st.integers(1_500, 6_000))
def test_told__is_markdown_that_renders_at_any_length(answers: list[Answer], most: int) -> None:
    text = told_as_markdown(told(*(verdict(answer) for answer in answers)), most)
    html = cmarkgfm.github_flavored_markdown_to_html(text, options=Options.CMARK_OPT_UNSAFE)

    assert html.count("<table>") == html.count("</table>")
    assert MARK not in html


@pytest.mark.parametrize(
    ("verdicts", "findings", "news", "problem"),
    [
        ((), (), False, False),
        ((verdict(Answer.VERIFIED),), (), True, False),
        ((verdict(Answer.INCONCLUSIVE),), (), True, True),
        ((), (finding(),), True, True),
        ((), (finding()._replace(severity=Severity.INFO),), False, False),
    ],
)
def test_told__whether_it_is_worth_a_comment(
    verdicts: tuple[Verdict, ...], findings: tuple[Finding, ...], news: bool, problem: bool
) -> None:
    about = told(*verdicts, findings=findings)

    assert (about.has_news, about.has_problem) == (news, problem)


def test_told__names_the_key_that_signed_receipts() -> None:
    text = told_as_markdown(told(verdict(), signed_by="ed25519:abc="))

    assert "receipts signed by <code>ed25519:abc=</code>" in text
