"""The comment, rendered by GitHub's own Markdown renderer."""

import re
from html.parser import HTMLParser
from itertools import permutations

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from hypothesis import given, settings

from evalmark.plan.identity import Identity
from evalmark.report.markdown import verdicts_as_markdown
from evalmark.verdict import Answer, Verdict
from tests.builders import NUMBERS, claim, run_record, verdict
from tests.unit.report.hostile import ATTACKS, MARK, hostile, verdict_with

UNPROVED = Identity(proved=False, statement="identity not proved: served as openai-api/local/x")


class Document(HTMLParser):
    """What a browser would see: tags with their attributes, and text, apart from that inside `<code>`."""

    def __init__(self, markdown: str) -> None:
        super().__init__(convert_charrefs=True)
        self.structure: list[object] = []
        self.coded: list[str] = []
        self._in_code = 0
        self.feed(cmarkgfm.github_flavored_markdown_to_html(markdown, options=Options.CMARK_OPT_UNSAFE))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_code += tag == "code"
        self.structure.append((tag, attrs))

    def handle_endtag(self, tag: str) -> None:
        self._in_code -= tag == "code"
        self.structure.append(f"/{tag}")

    def handle_comment(self, data: str) -> None:
        self.structure.append(f"<!--{data}-->")

    def handle_data(self, data: str) -> None:
        (self.coded if self._in_code else self.structure).append(data)


def comment_with(foreign: str) -> str:
    return verdicts_as_markdown([verdict_with(foreign), verdict_with(foreign, Answer.VERIFIED)])


HARMLESS = Document(comment_with("harmless"))


def test_harmless_comment__has_the_tags_that_the_hostile_ones_are_held_against() -> None:
    tags = {item[0] for item in HARMLESS.structure if isinstance(item, tuple)}

    assert tags == {
        "h3",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "code",
        "details",
        "summary",
        "p",
        "b",
        "br",
        "sub",
    }


@pytest.mark.parametrize("attack", ATTACKS, ids=ascii)
def test_comment__an_attack_changes_nothing_but_the_text_in_code(attack: str) -> None:
    document = Document(comment_with(f"{MARK}{attack}{MARK}"))

    assert document.structure == HARMLESS.structure
    assert any(MARK in text for text in document.coded)


@given(hostile)
@settings(max_examples=150)
def test_comment__no_foreign_text_changes_anything_but_the_text_in_code(foreign: str) -> None:
    document = Document(comment_with(foreign))

    assert document.structure == HARMLESS.structure
    assert len(document.coded) >= len(HARMLESS.coded)


@given(hostile)
@settings(max_examples=100)
def test_comment__has_no_character_that_a_host_gives_a_meaning(foreign: str) -> None:
    """GitHub finds mentions and formulas after rendering, so none may reach it outside an entity."""
    assert not set(comment_with(foreign)) & set("@`$\\|")


@given(hostile)
@settings(max_examples=100)
def test_comment__foreign_text_cannot_begin_a_line(foreign: str) -> None:
    starts = {re.split(r"[^#<a-z/]", line)[0] for line in comment_with(foreign).splitlines()}

    assert starts == {"", "###", "<table", "<details", "</details", "<p", "<sub"}


def test_comment__links_nowhere_and_loads_nothing() -> None:
    attributes = [item[1] for item in HARMLESS.structure if isinstance(item, tuple)]

    assert attributes == [[]] * len(attributes)


@pytest.mark.parametrize("order", list(permutations([Answer.MISMATCH, Answer.VERIFIED, Answer.INCONCLUSIVE])))
def test_comment__worst_verdict_comes_first(order: tuple[Answer, ...]) -> None:
    body = verdicts_as_markdown([verdict(answer) for answer in order])

    assert re.findall(r"<tr><td>. ([a-z-]+)</td>", body) == ["mismatch", "inconclusive", "verified"]
    assert body.startswith("### evalmark: 1 mismatch, 1 inconclusive, 1 verified\n")


def test_comment__verdicts_alike_keep_their_order() -> None:
    body = verdicts_as_markdown([verdict(claim=claim(task_id=name)) for name in "abc"])

    assert re.findall(r"<td><code>([abc])</code></td>", body) == ["a", "b", "c"]


def test_comment__says_prominently_that_the_identity_is_not_proved() -> None:
    body = verdicts_as_markdown([verdict(run=run_record(identity=UNPROVED))] * 2)

    assert body.count(f"<p><b><code>{UNPROVED.statement}</code></b></p>") == 1
    assert body.index(UNPROVED.statement) < body.index("<details>")


def test_comment__says_nothing_prominent_of_a_proved_identity() -> None:
    assert "<p><b>" not in verdicts_as_markdown([verdict()])


def test_comment__says_once_whose_claims_they_are() -> None:
    other = claim(model="acme/other", model_revision="e" * 40)

    body = verdicts_as_markdown([verdict(), verdict(), verdict(claim=other)])

    assert re.findall(r"<p>(.*?)</p>", body) == [
        "Claims of <code>acme/model</code> at <code>aaaaaaaaaaaa</code>",
        "Claims of <code>acme/other</code> at <code>eeeeeeeeeeee</code>",
    ]


def row_of(item: Verdict) -> list[str]:
    first = re.search(r"<tbody><tr>(.*?)</tr>", verdicts_as_markdown([item]))
    assert first is not None
    return re.findall(r"<td>(?:<code>)?(.*?)(?:</code>)?</td>", first[1])


def test_comment__row_of_a_verdict_with_numbers() -> None:
    assert row_of(verdict()) == ["✘ mismatch", "acme/sums", "sums", "57.0 %", "47.0 %", "−10.0", "100 of 100"]


def test_comment__row_of_a_verdict_on_a_part() -> None:
    numbers = {**NUMBERS, "interval": (40.0, 54.0), "difference_interval": (-17.0, -3.0), "samples_total": 2000}

    assert row_of(verdict(Answer.INCONCLUSIVE, numbers))[4:] == [
        "47.0 % [40.0, 54.0]",
        "−10.0 [−17.0, −3.0]",
        "100 of 2000",
    ]


def test_comment__row_of_a_verdict_without_numbers() -> None:
    assert row_of(verdict(Answer.ERROR, None)) == ["! error", "acme/sums", "sums", "57.0", "", "", ""]


def test_comment__why_has_reason_advice_and_what_was_said() -> None:
    body = verdicts_as_markdown([verdict(Answer.ERROR, None, reason="r", advice="a", detail="d")])

    assert (
        "<td><code>.eval_results/sums.yaml:4</code></td>"
        "<td>error: <code>r</code><br><code>a</code> It said: <code>d</code></td>"
    ) in body


def test_comment__why_leaves_out_what_there_is_not() -> None:
    assert "<td>mismatch: <code>a reason of ours</code></td>" in verdicts_as_markdown([verdict()])


def run_rows(**changes: object) -> dict[str, str]:
    body = verdicts_as_markdown([verdict(run=run_record(**changes))])
    return dict(re.findall(r"<tr><td>([A-Z][a-z]+)</td><td>(.*?)</td></tr>", body.split("What was run")[1]))


def test_comment__says_what_was_run() -> None:
    rows = run_rows(generation={"max_tokens": 5, "seed": 1}, versions={"inspect-ai": "1", "llama": "2"})

    assert rows == {
        "Task": f"<code>hf/acme/sums/sums&#64;{'b' * 40}</code>",
        "Model": "<code>hf/acme/model</code> at <code>aaaaaaaaaaaa</code>",
        "Identity": f"<code>the weights of acme/model at {'a' * 40}</code>",
        "Generation": "<code>max_tokens=5, seed=1</code>",
        "Settings": "pinned by the task",
        "Epochs": "1",
        "Order": "drawn with seed 7",
        "Versions": "<code>inspect-ai 1, llama 2</code>",
        "Machine": "<code>Linux x86_64</code>",
        "Logs": "none",
    }


@pytest.mark.parametrize(
    ("changes", "row", "expected"),
    [
        pytest.param({"generation": {}}, "Generation", "<code>as the task says</code>", id="no-options"),
        pytest.param({"passes": 2}, "Epochs", "1, 2 passes", id="passes"),
        pytest.param(
            {"settings_from": "unknown"},
            "Settings",
            "unknown: the claim may have been measured with others",
            id="settings-unknown",
        ),
        pytest.param({"variant": "With tools"}, "Variant", "<code>With tools</code>", id="variant"),
        pytest.param({"grader": "openai/x"}, "Grader", "<code>openai/x</code>", id="grader"),
        pytest.param(
            {"grader": "x/y", "grader_is_model": True},
            "Grader",
            "<code>x/y (the model under test itself)</code>",
            id="grades-itself",
        ),
        pytest.param(
            {"clusters": "story"},
            "Clusters",
            "<code>several samples share one &#96;story&#96;: the score says little about new ones</code>",
            id="clusters",
        ),
        pytest.param(
            {"logs": [{"path": "a", "sha256": "d" * 64}]}, "Logs", f"<code>sha256 {'d' * 64}</code>", id="log"
        ),
        pytest.param(
            {"model_revision": f"sha256:{'e' * 64}"},
            "Model",
            "<code>hf/acme/model</code> at <code>sha256:eeeeeeeeeeee</code>",
            id="weights-file",
        ),
    ],
)
def test_comment__what_was_run__varies_with(changes: dict[str, object], row: str, expected: str) -> None:
    assert run_rows(**changes)[row] == expected


def test_comment__names_each_run_once() -> None:
    body = verdicts_as_markdown([verdict(), verdict(), verdict(run=run_record(task="hf/another/one"))])

    assert body.count("<td>Task</td>") == 2


def test_comment__without_a_run_has_no_empty_section() -> None:
    assert "What was run" not in verdicts_as_markdown([verdict(Answer.ERROR, None)])


def test_comment__without_claims() -> None:
    assert verdicts_as_markdown([]).startswith("### evalmark: no claims\n")
