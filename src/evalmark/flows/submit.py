"""Propose results files by a pull request of ours: one for the same files, gone on with rather than opened again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from evalmark.authoring.duplicates import Standing, reported
from evalmark.authoring.submission import entries_of
from evalmark.checks.links import OtherClaim
from evalmark.checks.results import RESULTS_FOLDER
from evalmark.errors import CouldNotFinish, Forbidden
from evalmark.flows.proposed import readable
from evalmark.formats.parse_results import LocatedEntry
from evalmark.ports import Reviews, Submissions
from evalmark.review import TurnedDown


@dataclass(frozen=True, slots=True)
class Opened:
    """A new pull request."""

    number: int


@dataclass(frozen=True, slots=True)
class Amended:
    """One of ours that was open already has got a commit more."""

    number: int


@dataclass(frozen=True, slots=True)
class Nothing:
    """Main, or one of our open pull requests, has these very files."""

    number: int | None = None


Submitted: TypeAlias = Opened | Amended | Nothing


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done with which files: `number` is a pull request of ours that brings some of them already."""

    files: Mapping[str, bytes]
    number: int | None
    is_there: bool

    @property
    def opens(self) -> bool:
        """Whether a new pull request is needed."""
        return self.number is None and not self.is_there


def decide(files: Mapping[str, bytes], main: str, reviews: Reviews, submissions: Submissions) -> Decision:
    """Compare the files with main (its commit), and with what is open of ours. Raises what the ports raise."""
    there = readable(reviews, main, RESULTS_FOLDER)
    changed = {path: content for path, content in files.items() if there.get(path) != content}
    if not changed:
        return Decision({}, None, is_there=True)
    for mine in submissions.mine():
        proposed = readable(reviews, mine.head, RESULTS_FOLDER)
        if all(proposed.get(path) == content for path, content in changed.items()):
            return Decision(changed, mine.number, is_there=True)
        unlike = {path: proposed[path] for path in changed if proposed.get(path) not in (None, there.get(path))}
        if unlike and _brings(unlike, reviews, reviews.merge_base(main, mine.head)):
            return Decision(changed, mine.number, is_there=False)
    return Decision(changed, None, is_there=False)


def _brings(unlike: Mapping[str, bytes], reviews: Reviews, base: str) -> bool:
    """Whether a pull request changed one of the files that are not as main's: main may have moved on since."""
    before = readable(reviews, base, RESULTS_FOLDER)
    return any(before.get(path) != content for path, content in unlike.items())


def turned_down(
    brought: Iterable[LocatedEntry], reviews: Reviews, submissions: Submissions
) -> tuple[TurnedDown, LocatedEntry] | None:
    """The last pull request of ours that somebody else closed and that brought one of these scores, with the score.

    Raises what the ports raise.
    """
    for closed in submissions.turned_down():
        there = entries_of(readable(reviews, closed.head, RESULTS_FOLDER))
        others = [OtherClaim(each.place.path, each, closed.number) for each in there]
        for each in brought:
            if reported(each, others).standing is Standing.SAME:
                return closed, each
    return None


def submit(
    files: Mapping[str, bytes], main: str, reviews: Reviews, submissions: Submissions, title: str, description: str
) -> Submitted:
    """Carry out what was decided. An answer that was lost is looked for before anything is opened again.

    Raises what the ports raise.
    """
    try:
        return _submit(files, main, reviews, submissions, (title, description))
    except Forbidden:
        raise
    except CouldNotFinish:
        return _submit(files, main, reviews, submissions, (title, description))


def _submit(
    files: Mapping[str, bytes], main: str, reviews: Reviews, submissions: Submissions, words: tuple[str, str]
) -> Submitted:
    what = decide(files, main, reviews, submissions)
    if what.is_there:
        return Nothing(what.number)
    if what.number is not None:
        submissions.amend(what.number, what.files, *words)
        return Amended(what.number)
    return Opened(submissions.open(what.files, *words))
