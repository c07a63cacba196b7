"""What happened to the claims of one repo, read from its commits: who submitted, amended, withdrew or merged what.

A claim keeps its id from commit to commit, whatever its value, its notes or its file become: entries of two commits are
paired as those of a pull request are (`plan.changes`). A pull request's claim becomes main's when it is merged.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, TypeAlias

from evalmark.formats.parse_results import LocatedEntry, Parse, parse_results
from evalmark.formats.variants import usual_notes
from evalmark.plan.changes import partners, whole
from evalmark.record import EventKind, EventRecord, digest
from evalmark.review import HowFar, PullState

_Key: TypeAlias = object
_PULL: Final = re.compile(r"refs/(?:pr|pull)/([1-9]\d{0,8})")


@dataclass(frozen=True, slots=True)
class RepoName:
    """A repo and the model that it is about; `main` is the ref of its main branch."""

    origin: str
    repo: str
    model: str
    main: str = "refs/heads/main"


@dataclass(frozen=True, slots=True)
class Heads:
    """What a repo's refs are at, and how its pull requests stand: the same again means that nothing has happened."""

    refs: Mapping[str, str]
    states: tuple[PullState, ...] = ()

    @property
    def as_data(self) -> dict[str, str]:
        """Each ref, its commit and state: what a store keeps."""
        states = {state.number: state.state for state in self.states}
        told = {ref: states.get(pull_number(ref) or 0, "") for ref in self.refs}
        return {ref: f"{commit} {told[ref]}".strip() for ref, commit in self.refs.items()}


def pull_number(ref: str) -> int | None:
    """The number of the pull request that a ref is the head of; None for any other ref."""
    match = _PULL.fullmatch(ref)
    return int(match[1]) if match else None


@dataclass(frozen=True, slots=True)
class Version:
    """The results files of a repo after a commit, bytes by path. Outside git there is no commit and no name."""

    files: Mapping[str, bytes]
    commit: str | None = None
    at: datetime | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class PullHistory:
    """A pull request: the files where its branch left main, and after each of its commits, oldest first."""

    number: int
    state: HowFar
    base: Version
    versions: tuple[Version, ...]
    ended_at: datetime | None = None
    ended_by: str = ""


@dataclass(frozen=True, slots=True)
class RepoHistory:
    """A model repo: the versions of main, oldest first, and its pull requests."""

    origin: str
    repo: str
    model: str
    main: tuple[Version, ...]
    pulls: tuple[PullHistory, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """An entry that stands now, on main or in an open pull request, and how it came there."""

    id: str
    entry: LocatedEntry
    pull_request: int | None
    submitted: Version
    changed: Version


@dataclass(frozen=True, slots=True)
class Story:
    """All events, by time as far as it is known, and what stands now."""

    events: tuple[EventRecord, ...]
    standing: tuple[Standing, ...]


def story(repo: RepoHistory, parse: Parse = parse_results) -> Story:
    """Read a repo's history. `parse` may remember what it has read."""
    return _Reader(repo, parse).read()


@dataclass(slots=True)
class _Line:
    """One claim on its way through the commits."""

    id: str
    entry: LocatedEntry
    submitted: Version
    changed: Version


@dataclass(slots=True)
class _Reader:
    repo: RepoHistory
    parse: Parse
    events: list[EventRecord] = field(default_factory=list)
    parsed: dict[tuple[str, bytes], tuple[LocatedEntry, ...]] = field(default_factory=dict)
    merged: dict[_Key, tuple[_Line, int]] = field(default_factory=dict)
    """What merged pull requests had brought in the end, by place and content."""

    def read(self) -> Story:
        standing: list[Standing] = []
        proposals = [(pull, self._walk_pull(pull)) for pull in self.repo.pulls]
        for pull, lines in proposals:
            if pull.state == "open":
                standing += [_standing(line, pull.number) for line in lines]
            elif pull.state == "merged":
                self.merged |= {_here(line.entry): (line, pull.number) for line in lines}
            else:
                self.events += [self._ended(line, pull) for line in lines]
        standing = [*(_standing(line, None) for line in self._walk_main()), *standing]
        return Story(in_time(self.events), tuple(standing))

    def _walk_main(self) -> list[_Line]:
        lines: list[_Line] = []
        for version in self.repo.main:
            lines = self._step(lines, version, None)
        return lines

    def _walk_pull(self, pull: PullHistory) -> list[_Line]:
        """What the pull request claims in the end beyond what was there when it began."""
        lines = [_Line("", entry, pull.base, pull.base) for entry in self._entries(pull.base)]
        for version in pull.versions:
            lines = self._step(lines, version, pull.number)
        return [line for line in lines if line.id]

    def _step(self, lines: list[_Line], version: Version, pull: int | None) -> list[_Line]:
        """From one version to the next. A line without an id is main's, seen from a pull request."""
        entries = self._entries(version)
        pairs = partners([line.entry for line in lines], entries)
        taken = {line.id for line in lines if line.id}
        after: list[_Line] = []
        for index, entry in enumerate(entries):
            was = lines[pairs[index]] if index in pairs else None
            after.append(self._next(was, entry, version, pull, taken))
        kept = set(pairs.values())
        gone = (line for index, line in enumerate(lines) if index not in kept and line.id)
        self.events += [self._withdrawn(line, version, pull) for line in gone]
        return after

    def _next(
        self, was: _Line | None, entry: LocatedEntry, version: Version, pull: int | None, taken: set[str]
    ) -> _Line:
        if was is not None and _here(was.entry) == _here(entry):
            return _Line(was.id, entry, was.submitted, was.changed)
        source = self.merged.get(_here(entry)) if self.merged and pull is None else None
        if was is None:
            line = self._new(entry, version, pull, taken)
            if source is not None and source[0].id not in taken:
                line.id, line.submitted = source[0].id, source[0].submitted
        else:
            line = _Line(was.id or self._fresh(entry, pull, taken), entry, was.submitted, version)
        taken.add(line.id)
        kind: EventKind = "merged" if source else "amended" if was else "submitted"
        self._tell(kind, line, version, source[1] if source else pull, was.entry if was else None)
        return line

    def _new(self, entry: LocatedEntry, version: Version, pull: int | None, taken: set[str]) -> _Line:
        return _Line(self._fresh(entry, pull, taken), entry, version, version)

    def _fresh(self, entry: LocatedEntry, pull: int | None, taken: set[str]) -> str:
        """A name by where the claim first stood and what it is about; several of one kind are counted."""
        about = entry.entry.dataset
        parts = (
            self.repo.origin, self.repo.repo, self.repo.model, pull, entry.place.path, about.id, about.task_id,
            usual_notes(entry.entry.notes),
        )  # fmt: skip
        names = (digest(*parts, count) for count in range(len(taken) + 1))
        return next(name for name in names if name not in taken)

    def _tell(self, kind: EventKind, line: _Line, version: Version, pull: int | None, was: LocatedEntry | None) -> None:
        told = {"old": was.value_text if was else None, "detail": _what_changed(was, line.entry) if was else ""}
        self.events.append(self._event(kind, line, version, pull, new=line.entry.value_text, **told))

    def _withdrawn(self, line: _Line, version: Version, pull: int | None) -> EventRecord:
        path = line.entry.place.path
        broken = path in version.files and not self._in_file(version, path)
        detail = "the file can no longer be read" if broken else ""
        return self._event("withdrawn", line, version, pull, old=line.entry.value_text, new=None, detail=detail)

    def _ended(self, line: _Line, pull: PullHistory) -> EventRecord:
        """A closed pull request takes its claims with it."""
        last = pull.versions[-1] if pull.versions else pull.base
        ended = Version({}, last.commit, pull.ended_at or last.at, pull.ended_by)
        return self._event("closed", line, ended, pull.number, old=line.entry.value_text, new=None, detail="")

    def _event(self, kind: EventKind, line: _Line, version: Version, pull: int | None, **told: Any) -> EventRecord:
        entry, repo = line.entry, self.repo
        return EventRecord(
            id=digest(line.id, kind, version.commit, pull, told["old"], told["new"]),
            at=version.at, kind=kind, claim=line.id, model=repo.model, dataset_id=entry.entry.dataset.id,
            task_id=entry.entry.dataset.task_id, variant=usual_notes(entry.entry.notes), pull_request=pull,
            by=version.by, commit=version.commit, file=entry.place.path, origin=repo.origin, repo=repo.repo,
            gone=False, **told,
        )  # fmt: skip

    def _entries(self, version: Version) -> tuple[LocatedEntry, ...]:
        return tuple(entry for path in sorted(version.files) for entry in self._in_file(version, path))

    def _in_file(self, version: Version, path: str) -> tuple[LocatedEntry, ...]:
        key = path, version.files[path]
        if key not in self.parsed:
            self.parsed[key] = self.parse(*key).entries
        return self.parsed[key]


def _standing(line: _Line, pull: int | None) -> Standing:
    return Standing(line.id, line.entry, pull, line.submitted, line.changed)


def _here(entry: LocatedEntry) -> _Key:
    return entry.place.path, whole(entry)


def _what_changed(was: LocatedEntry, now: LocatedEntry) -> str:
    """Which fields besides the value."""
    names = list(_differing(was.entry.model_dump(by_alias=True), now.entry.model_dump(by_alias=True)))
    if was.place.path != now.place.path:
        names.append(f"file (from {was.place.path})")
    return f"changed: {', '.join(names)}" if names else ""


def _differing(was: Mapping[str, Any], now: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for name in now:
        old, new = was.get(name), now[name]
        if isinstance(old, dict) and isinstance(new, dict):
            yield from _differing(old, new, f"{prefix}{name}.")
        elif old != new and name != "value":
            yield f"{prefix}{name}"


def in_time(events: Iterable[EventRecord]) -> tuple[EventRecord, ...]:
    """Oldest first; those without a time before all others."""
    found = list(events)
    dated = sorted(((event.at, index) for index, event in enumerate(found) if event.at is not None))
    return (*(event for event in found if event.at is None), *(found[index] for _, index in dated))


def observed(told: Story, before: Iterable[EventRecord], at: datetime) -> Story:
    """The story of files outside git: what is otherwise than when they were last collected has happened by now.

    `told` is the story of the files as they are; `before` all that was known.
    """
    known = in_time(before)
    last = {event.claim: event for event in known}
    events = list(known)
    for event in told.events:
        was = last.pop(event.claim, None)
        if was is None or was.new is None:
            events.append(event)
        elif was.new != event.new:
            change = replace(event, kind="amended", old=was.new)
            events.append(replace(change, id=digest(event.claim, "amended", at.isoformat(), was.new, event.new)))
    for was in last.values():
        if was.new is not None:
            gone = replace(was, kind="withdrawn", at=at, old=was.new, new=None, detail="")
            events.append(replace(gone, id=digest(was.claim, "withdrawn", at.isoformat(), was.new)))
    ordered = in_time(events)
    begun = {event.claim: event.at for event in reversed(ordered)}
    changed = {event.claim: event.at for event in ordered}
    standing = (
        replace(
            each,
            submitted=replace(each.submitted, at=begun.get(each.id, at)),
            changed=replace(each.changed, at=changed.get(each.id, at)),
        )
        for each in told.standing
    )
    return Story(ordered, tuple(standing))
