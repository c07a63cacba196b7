"""What happened, read from commits."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import pytest

from evalmark.history import PullHistory, RepoHistory, Story, Version, observed, pull_number, story
from tests.builders import entry_text

FILE = ".eval_results/sums.yaml"
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def version(number: int, by: str = "ada", files: Mapping[str, str] | None = None, **values: str) -> Version:
    """A commit: its number is its name and its day. `a="57.0"` is the file a.yaml with that score."""
    texts = {f".eval_results/{name}.yaml": entry_text(value) for name, value in values.items()} | dict(files or {})
    content = {path: text.encode() for path, text in texts.items()}
    return Version(content, f"{number:040x}", BEGIN + timedelta(days=number), by)


Told: TypeAlias = list[tuple[str, str | None, str | None, int | None]]


def told(*main: Version, pulls: tuple[PullHistory, ...] = ()) -> Told:
    return [(event.kind, event.old, event.new, event.pull_request) for event in read(*main, pulls=pulls).events]


def read(*main: Version, pulls: tuple[PullHistory, ...] = ()) -> Story:
    return story(RepoHistory("hub", "acme/model", "acme/model", main, pulls))


@pytest.mark.parametrize(
    ("main", "expected"),
    [
        pytest.param((), [], id="nothing"),
        pytest.param((version(1, a="57.0"),), [("submitted", None, "57.0", None)], id="submitted"),
        pytest.param((version(1, a="57.0"), version(2, a="57.0")), [("submitted", None, "57.0", None)], id="as it was"),
        pytest.param(
            (version(1, a="52.0"), version(2, a="57.0")),
            [("submitted", None, "52.0", None), ("amended", "52.0", "57.0", None)],
            id="amended",
        ),
        pytest.param(
            (version(1, a="52.0"), version(2)),
            [("submitted", None, "52.0", None), ("withdrawn", "52.0", None, None)],
            id="withdrawn",
        ),
        pytest.param(
            (version(1, a="52.0"), version(2, b="52.0")),
            [("submitted", None, "52.0", None), ("amended", "52.0", "52.0", None)],
            id="moved",
        ),
        pytest.param(
            (version(1, a="52.0"), version(2, files={FILE.replace("sums", "a"): "x: ["})),
            [("submitted", None, "52.0", None), ("withdrawn", "52.0", None, None)],
            id="broken",
        ),
    ],
)
def test_story__of_main(main: tuple[Version, ...], expected: Told) -> None:
    assert told(*main) == expected


def test_story__says_who_and_when_and_in_which_commit() -> None:
    event = read(version(1, a="52.0"), version(2, by="bob", a="57.0")).events[-1]

    assert (event.by, event.at, event.commit) == ("bob", BEGIN + timedelta(days=2), f"{2:040x}")


def test_story__says_what_changed_besides_the_score() -> None:
    more = "  notes: With tools\n  source:\n    url: https://example.org\n"
    changed = version(2, files={".eval_results/a.yaml": entry_text("52.0", more=more)})

    assert read(version(1, a="52.0"), changed).events[-1].detail == "changed: source, notes"


def test_story__says_that_a_file_can_no_longer_be_read() -> None:
    broken = version(2, files={".eval_results/a.yaml": "x: ["})

    assert read(version(1, a="52.0"), broken).events[-1].detail == "the file can no longer be read"


def test_story__a_claim_keeps_its_name_through_changes_of_value_notes_and_file() -> None:
    last = version(3, files={".eval_results/b.yaml": entry_text("60.0", more="  notes: With tools\n")})

    found = read(version(1, a="52.0"), version(2, a="60.0"), last)

    assert {event.claim for event in found.events} == {found.standing[0].id}


def test_story__claims_of_one_kind_are_told_apart() -> None:
    twice = version(1, files={FILE: entry_text("52.0") + entry_text("53.0")})

    found = read(twice)

    assert len({each.id for each in found.standing}) == 2


def test_story__standing_says_when_it_was_submitted_and_last_changed() -> None:
    first, last = version(1, a="52.0"), version(2, a="57.0")

    standing = read(first, last).standing[0]

    assert (standing.submitted, standing.changed) == (first, last)


BASE = version(1, a="52.0")


def pull(*versions: Version, state: Any = "open", **more: Any) -> PullHistory:
    return PullHistory(7, state, BASE, versions, **more)


@pytest.mark.parametrize(
    ("pulls", "expected"),
    [
        pytest.param(
            pull(version(2, a="52.0", b="70.0")), [("submitted", None, "70.0", 7)], id="it submits only what is new"
        ),
        pytest.param(pull(version(2, a="55.0")), [("amended", "52.0", "55.0", 7)], id="it would amend what main has"),
        pytest.param(
            pull(version(2, a="52.0", b="70.0"), version(3, a="52.0", b="71.0")),
            [("submitted", None, "70.0", 7), ("amended", "70.0", "71.0", 7)],
            id="its own commits",
        ),
        pytest.param(
            pull(version(2, a="52.0", b="70.0"), version(3, a="52.0")),
            [("submitted", None, "70.0", 7), ("withdrawn", "70.0", None, 7)],
            id="withdrawn again",
        ),
        pytest.param(pull(version(2, a="52.0")), [], id="about something else"),
    ],
)
def test_story__of_an_open_pull_request(pulls: PullHistory, expected: Told) -> None:
    assert told(BASE, pulls=(pulls,))[1:] == expected


def test_story__an_open_pull_request_stands_beside_main() -> None:
    found = read(BASE, pulls=(pull(version(2, a="55.0")),))

    assert [(each.entry.value_text, each.pull_request) for each in found.standing] == [("52.0", None), ("55.0", 7)]
    assert len({each.id for each in found.standing}) == 2


def test_story__a_merged_pull_request_becomes_mains_under_the_same_name() -> None:
    proposed = pull(version(2, a="52.0", b="70.0"), state="merged")

    found = read(BASE, version(3, by="owner", a="52.0", b="70.0"), pulls=(proposed,))

    merged = next(event for event in found.events if event.kind == "merged")
    submitted = next(event for event in found.events if event.pull_request == 7 and event.kind == "submitted")
    assert (merged.claim, merged.new, merged.by, merged.pull_request) == (submitted.claim, "70.0", "owner", 7)
    assert [(each.entry.value_text, each.pull_request) for each in found.standing] == [("52.0", None), ("70.0", None)]
    assert found.standing[1].id == submitted.claim


def test_story__a_merged_change_of_a_claim_of_mains_is_told_with_both_scores() -> None:
    proposed = pull(version(2, a="55.0"), state="merged")

    found = read(BASE, version(3, a="55.0"), pulls=(proposed,))

    assert ("merged", "52.0", "55.0", 7) in [(e.kind, e.old, e.new, e.pull_request) for e in found.events]


def test_story__a_closed_pull_request_takes_its_claims_with_it() -> None:
    proposed = pull(
        version(2, a="52.0", b="70.0"), state="closed", ended_at=BEGIN + timedelta(days=9), ended_by="owner"
    )

    found = read(BASE, pulls=(proposed,))

    last = found.events[-1]
    assert (last.kind, last.old, last.by, last.at) == ("closed", "70.0", "owner", BEGIN + timedelta(days=9))
    assert len(found.standing) == 1


def test_story__events_come_in_the_order_of_time() -> None:
    proposed = pull(version(3, a="52.0", b="70.0"))

    found = read(BASE, version(4, a="53.0"), pulls=(proposed,))

    assert [event.at for event in found.events] == sorted(event.at for event in found.events if event.at)


def test_story__the_same_history_gives_the_same_ids() -> None:
    assert read(BASE, version(2, a="57.0")) == read(BASE, version(2, a="57.0"))


def outside_git(at: datetime, **values: str) -> Story:
    content = {f".eval_results/{name}.yaml": entry_text(value).encode() for name, value in values.items()}
    return story(RepoHistory("folder", "here", "acme/model", (Version(content, None, at),)))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param({"a": "52.0"}, {"a": "52.0"}, [("submitted", None, "52.0")], id="as it was"),
        pytest.param(
            {"a": "52.0"}, {"a": "57.0"}, [("submitted", None, "52.0"), ("amended", "52.0", "57.0")], id="amended"
        ),
        pytest.param({"a": "52.0"}, {}, [("submitted", None, "52.0"), ("withdrawn", "52.0", None)], id="withdrawn"),
        pytest.param({}, {"a": "52.0"}, [("submitted", None, "52.0")], id="submitted"),
    ],
)
def test_observed__what_is_otherwise_has_happened_since(
    before: dict[str, str], after: dict[str, str], expected: list[tuple[str, str | None, str | None]]
) -> None:
    known = outside_git(BEGIN, **before).events
    later = BEGIN + timedelta(days=1)

    found = observed(outside_git(later, **after), known, later)

    assert [(event.kind, event.old, event.new) for event in found.events] == expected


def test_observed__keeps_when_a_claim_was_first_seen() -> None:
    later = BEGIN + timedelta(days=1)

    found = observed(outside_git(later, a="52.0"), outside_git(BEGIN, a="52.0").events, later)

    assert (found.standing[0].submitted.at, found.standing[0].changed.at) == (BEGIN, BEGIN)


@pytest.mark.parametrize(
    ("ref", "number"),
    [("refs/pr/3", 3), ("refs/pull/12", 12), ("refs/heads/main", None), ("refs/pr/0", None), ("refs/pr/x", None)],
)
def test_pull_number(ref: str, number: int | None) -> None:
    assert pull_number(ref) == number


def test_observed__what_was_withdrawn_is_not_withdrawn_again() -> None:
    second, third = BEGIN + timedelta(days=1), BEGIN + timedelta(days=2)
    known = observed(outside_git(second), outside_git(BEGIN, a="52.0").events, second).events

    assert observed(outside_git(third), known, third).events == known
