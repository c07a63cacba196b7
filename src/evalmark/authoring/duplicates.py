"""Whether a score is reported already: on main or in an open pull request, in another spelling or rounding."""

from collections.abc import Iterable
from enum import Enum
from typing import NamedTuple

from evalmark.checks.links import OtherClaim
from evalmark.formats.digits import same_score
from evalmark.formats.parse_results import LocatedEntry
from evalmark.formats.variants import usual_notes


class Setup(NamedTuple):
    """What one score is about. Two reports of it should agree, whatever their source and revision."""

    dataset_id: str
    task_id: str
    variant: str


class Standing(Enum):
    """How a score stands to what is reported already."""

    NEW = "new"
    SAME = "reported already"
    OTHER = "reported with another value"


class Reported(NamedTuple):
    """A score to report, and the report that says most about it; None if there is none."""

    entry: LocatedEntry
    standing: Standing
    other: OtherClaim | None = None


def setup_of(located: LocatedEntry) -> Setup:
    """What an entry is about; `w/ tools` and `With tools` are one."""
    entry = located.entry
    return Setup(entry.dataset.id, entry.dataset.task_id, usual_notes(entry.notes).casefold())


def reported(entry: LocatedEntry, others: Iterable[OtherClaim]) -> Reported:
    """How an entry stands. One that says the same counts before any that says otherwise."""
    about = [other for other in others if _alike(setup_of(other.entry), setup_of(entry))]
    same = [other for other in about if same_score(other.entry.value_text, entry.value_text)]
    if same:
        return Reported(entry, Standing.SAME, same[0])
    return Reported(entry, Standing.OTHER, about[0]) if about else Reported(entry, Standing.NEW)


def _alike(one: Setup, other: Setup) -> bool:
    """The Hub knows a repo in capitals too."""
    return one.dataset_id.casefold() == other.dataset_id.casefold() and one[1:] == other[1:]
