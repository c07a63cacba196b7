"""What of a folder is new, and whether it may be proposed: the same for a pull request and for a branch."""

from collections.abc import Iterable, Mapping, Sequence

from evalmark.authoring.duplicates import Reported, Standing
from evalmark.authoring.linking import with_link
from evalmark.authoring.submission import Submission, submission
from evalmark.checks.links import OtherClaim
from evalmark.cli.asking import Asker, Question
from evalmark.errors import UsageProblem
from evalmark.flows.submit import turned_down
from evalmark.formats.parse_results import LocatedEntry
from evalmark.formats.results import Source
from evalmark.formats.writing import NotEditable
from evalmark.ports import Reviews, Submissions
from evalmark.report.escape import plain


def new_in(local: Mapping[str, bytes], main: Mapping[str, bytes], others: Sequence[OtherClaim]) -> Submission:
    """What is new. Raises `UsageProblem` for a file from which a person must take what is not."""
    try:
        return submission(local, main, others)
    except NotEditable as problem:
        raise UsageProblem(str(problem), "take what is reported already out of the file by hand") from problem


def linked_in(files: Mapping[str, bytes], entries: Iterable[LocatedEntry], source: Source) -> Mapping[str, bytes]:
    """The files with a source in some entries. Raises `UsageProblem` where a person must write it."""
    try:
        return with_link(files, entries, source)
    except NotEditable as problem:
        raise UsageProblem(str(problem), "write `source.url` by hand") from problem


def allowed(found: Submission, asker: Asker, *, contradict: bool) -> None:
    """Raise `UsageProblem` if a score contradicts another report, and nobody says that this is meant."""
    against = [each for each in found.brought if each.standing is Standing.OTHER and each.other]
    if not against or contradict:
        return
    words = "; ".join(_against(each) for each in against)
    if asker.asks and asker.confirm(Question(f"{words}. Propose it all the same", "--contradict"), default=False):
        return
    raise UsageProblem(words, "correct it, say with `notes` what tells them apart, or give --contradict")


def not_turned_down(found: Submission, asker: Asker, reviews: Reviews, submissions: Submissions) -> None:
    """Raise `UsageProblem` if somebody closed a pull request with one of these scores, and nobody says to ask again."""
    refusal = turned_down([each.entry for each in found.brought], reviews, submissions)
    if refusal is None:
        return
    closed, located = refusal
    dataset = located.entry.dataset
    words = (
        f"{plain(closed.by)} closed your pull request {closed.number}, which brought {plain(dataset.id)} · "
        f"{plain(dataset.task_id)} = {located.value_text}"
    )
    if asker.asks and asker.confirm(Question(f"{words}. Propose it again", "--again"), default=False):
        return
    raise UsageProblem(words, "read there why; to propose it all the same, give --again")


def _against(reported: Reported) -> str:
    located, other = reported.entry, reported.other
    assert other is not None  # noqa: S101 - what contradicts, contradicts something
    dataset = located.entry.dataset
    where = f"pull request {other.pull_request}" if other.pull_request else "main"
    about = f"{plain(dataset.id)} · {plain(dataset.task_id)}"
    return f"{about} is {located.value_text} here, and {other.entry.value_text} in {where}"
