"""Entries beside what the Hub says."""

import pytest

from evalmark.checks.links import LinkFacts, OtherClaim, link_findings, needed, refusal_findings
from evalmark.facts import BenchmarkFound, BenchmarkMissing, BenchmarkRef, BoardRow, RefusedFile
from evalmark.finding import Finding, Severity
from evalmark.formats.benchmark import Benchmark, Task
from evalmark.formats.declaration import Declaration
from evalmark.formats.parse_results import LocatedEntry, parse_results

SHA = "0123456789abcdef0123456789abcdef01234567"
GPQA = BenchmarkRef("Idavidrein/gpqa")
PINNED = BenchmarkRef("Idavidrein/gpqa", SHA)
GONE = BenchmarkMissing("Idavidrein/gpqa is no dataset on the Hub", "check its name", surely=True)
OUT_OF_REACH = BenchmarkMissing("the Hub did not answer within 10 s", "try again later", surely=False)
PATH = ".eval_results/gpqa.yaml"


def found(*ids: str | None) -> BenchmarkFound:
    return BenchmarkFound(SHA, Benchmark(tasks=tuple(Task(id=task) for task in ids)), Declaration())


THERE = found("diamond", "main", "extended")


def entries(value: str = "41.2", task: str = "diamond", more: str = "", path: str = PATH) -> tuple[LocatedEntry, ...]:
    text = f"- dataset: {{id: Idavidrein/gpqa, task_id: {task}{more}}}\n  value: {value}\n"
    return parse_results(path, text.encode()).entries


def told(findings: tuple[Finding, ...]) -> list[tuple[str, str, str]]:
    return [(finding.rule, finding.place.pointer, finding.help) for finding in findings]


def rules(
    located: tuple[LocatedEntry, ...],
    *,
    benchmark: BenchmarkFound | BenchmarkMissing = THERE,
    board: tuple[float, ...] = (),
    claims: tuple[OtherClaim, ...] = (),
) -> list[str]:
    rows = tuple(BoardRow(f"org/m{number}", value) for number, value in enumerate(board))
    facts = LinkFacts({GPQA: benchmark}, {("Idavidrein/gpqa", "diamond"): rows}, claims)
    return [finding.rule for finding in link_findings(located, facts)]


def test_needed__is_each_benchmark_now_and_at_the_named_revision() -> None:
    assert needed([*entries(), *entries(more=f", revision: {SHA}"), *entries()]) == (GPQA, PINNED)


def test_entry_that_fits__has_no_finding() -> None:
    assert rules(entries(), board=(40.0, 50.0, 60.0)) == []


def test_benchmark_that_is_not_there__is_the_only_finding() -> None:
    findings = link_findings(entries(task="x", more=f", revision: {SHA}"), LinkFacts({GPQA: GONE, PINNED: GONE}))

    assert told(findings) == [("benchmark-exists", "[0].dataset.id", "check its name")]
    assert findings[0].severity is Severity.ERROR


def test_benchmark_nobody_looked_up__is_not_judged() -> None:
    assert link_findings(entries(task="x"), LinkFacts({})) == ()


def test_benchmark_with_errors__is_a_warning() -> None:
    assert rules(entries(), benchmark=BenchmarkFound(SHA, None, Declaration())) == ["benchmark-unusable"]


@pytest.mark.parametrize(
    ("task", "benchmark", "advice"),
    [
        ("gpqa_diamond", THERE, "did you mean `diamond`?"),
        ("Diamond", THERE, "did you mean `diamond`?"),
        ("default", found("hle"), "did you mean `hle`?"),
        ("zzz", THERE, "its tasks are: diamond, main, extended"),
    ],
)
def test_task_that_is_not_there__says_what_was_meant(task: str, benchmark: BenchmarkFound, advice: str) -> None:
    findings = link_findings(entries(task=task), LinkFacts({GPQA: benchmark}))

    assert told(findings) == [("task-exists", "[0].dataset.task_id", advice)]


def test_task_without_an_id__can_be_called_anything() -> None:
    assert rules(entries(task="anything"), benchmark=found(None)) == []


def test_revision_that_is_not_there() -> None:
    no_commit = BenchmarkMissing("Idavidrein/gpqa has no commit 0123456", "check the digits", surely=True)

    findings = link_findings(entries(more=f", revision: {SHA}"), LinkFacts({GPQA: THERE, PINNED: no_commit}))

    assert told(findings) == [("revision-exists", "[0].dataset.revision", "check the digits")]


def test_task__is_looked_up_at_the_named_revision() -> None:
    facts = LinkFacts({GPQA: THERE, PINNED: found("old")})

    assert [item.rule for item in link_findings(entries(more=f", revision: {SHA}"), facts)] == ["task-exists"]


@pytest.mark.parametrize(
    ("value", "board", "expected"),
    [
        ("0.412", (40.0, 50.0, 60.0), ["unit-disagrees"]),
        ("41.2", (0.4, 0.5, 0.6), ["unit-disagrees"]),
        ("-0.4", (40.0, 50.0, 60.0), ["unit-disagrees"]),
        ("0.412", (0.4, 0.5, 0.6), []),
        ("0.412", (40.0, 50.0), []),
        ("0", (40.0, 50.0, 60.0), []),
        ("0.9", (2.0, 3.0, 4.0), []),
        ("1.0", (0.4, 0.5, 1.0), []),
    ],
)
def test_unit__is_that_of_three_others(value: str, board: tuple[float, ...], expected: list[str]) -> None:
    assert rules(entries(value), board=board) == expected


@pytest.mark.parametrize(
    ("value", "board", "advice"),
    [
        ("0.412", (40.0, 50.0, 60.0), "write 41.2,"),
        ("57.0", (0.4, 0.5, 0.6), "write 0.57,"),
        ("5e1", (0.4, 0.5, 1.0), "write 0.5,"),
    ],
)
def test_unit__says_the_number_that_was_meant(value: str, board: tuple[float, ...], advice: str) -> None:
    rows = tuple(BoardRow("org/m", score) for score in board)

    (finding,) = link_findings(entries(value), LinkFacts({GPQA: THERE}, {("Idavidrein/gpqa", "diamond"): rows}))

    assert finding.help.startswith(advice)


def other(value: str, path: str = ".eval_results/other.yaml", pull_request: int | None = None) -> OtherClaim:
    (entry,) = entries(value, path=path)
    return OtherClaim(path, entry, pull_request)


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (other("41.2"), ["already-claimed"]),
        (other("41.2", pull_request=7), ["already-claimed"]),
        (other("41.2", PATH, pull_request=7), ["already-claimed"]),
        (other("40"), ["contradicts-a-claim"]),
        (other("40", pull_request=7), ["contradicts-a-claim"]),
        (other("41.2", PATH), []),
        (other("40", PATH), []),
    ],
)
def test_claim__of_another_file_or_pull_request(claim: OtherClaim, expected: list[str]) -> None:
    assert rules(entries(), claims=(claim,)) == expected


def test_claim__of_a_file_checked_in_another_folder_is_itself() -> None:
    assert rules(entries(path=f"/home/ada/model/{PATH}"), claims=(other("40", PATH),)) == []


def test_claim__with_other_notes_is_another_one() -> None:
    text = "- dataset: {id: Idavidrein/gpqa, task_id: diamond}\n  value: 60\n  notes: With tools\n"
    (with_tools,) = parse_results("b.yaml", text.encode()).entries

    assert rules(entries(), claims=(OtherClaim("b.yaml", with_tools),)) == []


def test_claim__says_where_it_is() -> None:
    facts = LinkFacts({}, claims=(other("40", pull_request=7), other("41.2")))

    contradicted, repeated = link_findings(entries(), facts)

    assert contradicted.message == "`value` is 41.2, but 40 is reported in the open pull request 7"
    assert repeated.message == "the same score is already reported on main, in .eval_results/other.yaml"


def test_hub_out_of_reach__is_one_warning_for_all_entries() -> None:
    both = (*entries(), *entries(more=f", revision: {SHA}"))

    (finding,) = link_findings(both, LinkFacts({GPQA: OUT_OF_REACH, PINNED: OUT_OF_REACH}, trouble="also this"))

    assert (finding.rule, finding.severity) == ("hub-unreachable", Severity.WARNING)
    assert finding.message == "not everything could be checked: the Hub did not answer within 10 s"


def test_trouble_with_the_boards__is_one_warning() -> None:
    (finding,) = link_findings(entries(), LinkFacts({GPQA: THERE}, trouble="no pull requests could be listed"))

    assert (finding.rule, finding.place.line) == ("hub-unreachable", 1)


def test_no_entries__no_warning() -> None:
    assert link_findings((), LinkFacts({}, trouble="no pull requests could be listed")) == ()


def test_refusals__are_told_in_the_hubs_own_words() -> None:
    (finding,) = refusal_findings([RefusedFile(".eval_results/a.yaml", "value: required")])

    assert (finding.rule, finding.place.path) == ("hub-refuses", ".eval_results/a.yaml")
    assert "value: required" in finding.message
