"""What a pull request should bring: the entries that nobody has reported yet, and how each stands to main."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from evalmark.authoring.duplicates import Reported, Standing, reported, setup_of
from evalmark.authoring.proposal import added
from evalmark.checks.links import OtherClaim
from evalmark.formats.digits import same_score
from evalmark.formats.parse_results import LocatedEntry, parse_results
from evalmark.formats.results import Entry
from evalmark.formats.writing import Draft, with_changes


class Submission(NamedTuple):
    """`files` is what main should have, bytes by path, without files that it has already.

    `brought` are the entries that are new in them, `left_out` those that somebody has reported already, and `kept`
    those of main that the files here lack: a proposal of scores takes none away.
    """

    files: Mapping[str, bytes]
    brought: tuple[Reported, ...]
    left_out: tuple[Reported, ...]
    kept: tuple[LocatedEntry, ...] = ()


def entries_of(files: Mapping[str, bytes]) -> tuple[LocatedEntry, ...]:
    """All good entries of results files, in order of the files' names."""
    return tuple(each for path in sorted(files) for each in parse_results(path, files[path]).entries)


def submission(local: Mapping[str, bytes], main: Mapping[str, bytes], others: Sequence[OtherClaim]) -> Submission:
    """What of the files here is new. `others` are the claims on main and in the open pull requests of other people.

    A file with an entry that is left out, or without one that main's has, is written anew from main's, with what is new
    in it. Raises `NotEditable`.
    """
    files: dict[str, bytes] = {}
    brought: list[Reported] = []
    left_out: list[Reported] = []
    stays: list[LocatedEntry] = []
    for path in sorted(local):
        if local[path] == main.get(path):
            continue
        here = parse_results(path, local[path]).entries
        found = tuple(_new(here, main.get(path), path, others))
        new = [each for each in found if each.standing is not Standing.SAME]
        brought += new
        left_out += [each for each in found if each.standing is Standing.SAME]
        lacking = tuple(_lacking(here, _entries(main.get(path), path)))
        stays += lacking
        whole = not lacking and len(new) == len(found) and not _has_less(here, main.get(path), path)
        content = local[path] if whole else _only(path, main.get(path), new)
        if content is not None and content != main.get(path):
            files[path] = content
    return Submission(files, tuple(brought), tuple(left_out), tuple(stays))


def _has_less(here: Iterable[LocatedEntry], main: bytes | None, path: str) -> bool:
    """Whether an entry of main's file stands here with less of what supports it."""
    there = [each.entry for each in _entries(main, path)]
    return any(each.entry not in there and any(_says_no_more(each.entry, known) for known in there) for each in here)


def _lacking(here: Sequence[LocatedEntry], known: Iterable[LocatedEntry]) -> Iterator[LocatedEntry]:
    """The known entries that are not here. One whose notes alone are written anew is no other one."""
    setups = {setup_of(each) for each in here}
    for each in known:
        about = setup_of(each)
        renamed = any(
            setup_of(other)[:2] == about[:2] and same_score(other.value_text, each.value_text) for other in here
        )
        if about not in setups and not renamed:
            yield each


def _entries(content: bytes | None, path: str) -> tuple[LocatedEntry, ...]:
    return parse_results(path, content or b"").entries


def taken_out(
    local: Mapping[str, bytes], main: Mapping[str, bytes], mine: Iterable[OtherClaim]
) -> tuple[OtherClaim, ...]:
    """What one's own pull requests (`mine`) bring in files that lie here too, and the files here do not have.

    Going on with such a pull request takes it out again.
    """
    return tuple(
        each
        for each in mine
        if each.path in local
        and each.entry in _lacking(parse_results(each.path, local[each.path]).entries, [each.entry])
        and setup_of(each.entry) not in {setup_of(there) for there in _entries(main.get(each.path), each.path)}
    )


def _new(
    entries: Iterable[LocatedEntry], main: bytes | None, path: str, others: Sequence[OtherClaim]
) -> Iterator[Reported]:
    """The entries that main's file does not have as they are. More evidence for main's own score is new."""
    there = _entries(main, path)
    about = {setup_of(each) for each in there}
    for each in entries:
        if any(_says_no_more(each.entry, known.entry) for known in there):
            continue
        itself = setup_of(each) in about
        rest = [other for other in others if not (itself and other.pull_request is None and other.path == path)]
        found = reported(each, rest)
        if found.standing is Standing.NEW and itself:
            before = next(old for old in there if setup_of(old) == setup_of(each))
            found = _amended(each, OtherClaim(path, before))
        yield found


def _says_no_more(entry: Entry, known: Entry) -> bool:
    """Whether an entry is one that is known, perhaps with less of what supports it."""
    told = {name: value for name, value in _flat(entry).items() if value is not None}
    return told.items() <= _flat(known).items()


def _flat(entry: Entry) -> dict[str, object]:
    dataset = entry.dataset
    return (
        {"id": dataset.id, "task": dataset.task_id, "revision": dataset.revision}
        | {name: getattr(entry, name) for name in ("value", "verify_token", "date", "source")}
        | {"notes": entry.notes or ""}
    )


def _amended(entry: LocatedEntry, before: OtherClaim) -> Reported:
    found = reported(entry, [before])
    return Reported(entry, Standing.NEW) if found.standing is Standing.SAME else found


def _only(path: str, main: bytes | None, kept: Iterable[Reported]) -> bytes | None:
    """Main's file with some entries more."""
    content = main
    for each in kept:
        new = Draft(each.entry.entry, each.entry.value_text)
        there = parse_results(path, content or b"").entries
        old = next((before for before in there if setup_of(before) == setup_of(each.entry)), None)
        if content is not None and old is not None:
            content = with_changes(path, content, old, new)
            continue
        content = added(path, content, new)
    return content
