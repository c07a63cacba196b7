"""What a pull request does to the entries of a model repo: entry by entry, wherever they stand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

from evalmark.formats.parse_results import LocatedEntry

Kind = Literal["added", "changed", "moved", "removed"]
_Key: TypeAlias = object


@dataclass(frozen=True, slots=True)
class Change:
    """One entry that the pull request touches: as it is now, None if removed; and as it was, None if added."""

    kind: Kind
    now: LocatedEntry | None
    was: LocatedEntry | None

    @property
    def entry(self) -> LocatedEntry:
        """As it is now; of a removed one, as it was."""
        return cast("LocatedEntry", self.now or self.was)

    @property
    def is_new_claim(self) -> bool:
        """Whether it claims what was not claimed before: only then is there something to rerun."""
        if self.now is None:
            return False
        return self.was is None or _claimed(self.now) != _claimed(self.was)


def changes(before: Sequence[LocatedEntry], after: Sequence[LocatedEntry]) -> tuple[Change, ...]:
    """Pair the entries of two sides, each at most once; what has no partner was added or removed.

    Sure pairs first: the same in all its fields, then the same leaderboard and notes, then the same source, then the
    same leaderboard alone. Those that stand where they stood and say what they said are left out. In the order of
    `after`, then what was removed.
    """
    pairs = partners(before, after)
    found = [_change(now, before[pairs[index]] if index in pairs else None) for index, now in enumerate(after)]
    taken = set(pairs.values())
    gone = [Change("removed", None, was) for index, was in enumerate(before) if index not in taken]
    return (*(change for change in found if change is not None), *gone)


def _change(now: LocatedEntry, was: LocatedEntry | None) -> Change | None:
    if was is None:
        return Change("added", now, None)
    if whole(now) != whole(was):
        return Change("changed", now, was)
    return Change("moved", now, was) if now.place.path != was.place.path else None


def partners(before: Sequence[LocatedEntry], after: Sequence[LocatedEntry]) -> dict[int, int]:
    """Positions in `after` → positions in `before`: which entry became which, surest pairs first."""
    found: dict[int, int] = {}
    for key in _KEYS if before and after else ():
        waiting: dict[_Key, list[int]] = {}
        taken = set(found.values())
        for index, entry in enumerate(before):
            if index not in taken and (named := key(entry)) is not None:
                waiting.setdefault(named, []).append(index)
        for index, entry in enumerate(after):
            if index not in found and (same := waiting.get(key(entry))):
                found[index] = same.pop(0)
    return found


def whole(entry: LocatedEntry) -> _Key:
    """All that an entry says, wherever it stands."""
    return entry.value_text, entry.entry.model_dump_json()


def _claimed(entry: LocatedEntry) -> _Key:
    """What decides what is rerun and what it is held against. Date, source and token do not."""
    dataset = entry.entry.dataset
    return dataset.id, dataset.task_id, dataset.revision, entry.value_text, entry.entry.notes


def _here(entry: LocatedEntry) -> _Key:
    return entry.place.path, whole(entry)


def _variant(entry: LocatedEntry) -> _Key:
    return _leaderboard(entry), entry.entry.notes


def _source(entry: LocatedEntry) -> _Key | None:
    source = entry.entry.source
    return (_leaderboard(entry), source.url, source.name) if source else None


def _leaderboard(entry: LocatedEntry) -> _Key:
    return entry.entry.dataset.id, entry.entry.dataset.task_id


_KEYS: tuple[Callable[[LocatedEntry], _Key | None], ...] = (_here, whole, _variant, _source, _leaderboard)
