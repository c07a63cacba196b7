"""One word, one line and one state for all that a pull request brings: what a later step or a branch rule asks."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from evalmark.finding import Finding, has_error
from evalmark.report.summary import counted
from evalmark.review import StatusState
from evalmark.verdict import Answer, Verdict

INVALID = "invalid"
NONE = "none"
WORDS = (INVALID, *(answer.value for answer in Answer), NONE)
"""Worst first. `invalid`: a file has an error; `none`: nothing was claimed anew."""
LONGEST_DESCRIPTION = 140


@dataclass(frozen=True, slots=True)
class Overall:
    """How often each word fits, without those that never do; and the words that make a check fail."""

    counts: Mapping[str, int]
    fail_on: frozenset[str]

    @property
    def word(self) -> str:
        """The worst."""
        return next((word for word in WORDS if self.counts.get(word)), NONE)

    @property
    def fails(self) -> bool:
        """Whether there is something that makes the check fail."""
        return any(word in self.fail_on for word in self.counts)

    @property
    def is_unfinished(self) -> bool:
        """Whether a rerun went wrong, for a caller who wants to be told at all."""
        return bool(self.fail_on) and Answer.ERROR.value in self.counts


def overall(verdicts: Sequence[Verdict], findings: Collection[Finding], fail_on: frozenset[str]) -> Overall:
    """`invalid` counts files with an error, all other words count claims."""
    counts = Counter(verdict.verdict.value for verdict in verdicts)
    invalid = {finding.place.path for finding in findings if has_error([finding])}
    if invalid:
        counts[INVALID] = len(invalid)
    return Overall({word: counts[word] for word in WORDS if counts[word]}, fail_on)


def state_of(whole: Overall) -> StatusState:
    """A status knows no neutral: whatever fails nothing is a success, and the description says what it is worth."""
    if whole.fails:
        return "failure"
    return "error" if Answer.ERROR.value in whole.counts else "success"


def title_of(verdicts: Sequence[Verdict], whole: Overall) -> str:
    """`2 files with errors, 1 mismatch, 1 verified`."""
    invalid = whole.counts.get(INVALID, 0)
    broken = f"{invalid} file{'' if invalid == 1 else 's'} with errors" if invalid else ""
    return ", ".join(part for part in (broken, counted(verdicts) if verdicts or not invalid else "") if part)


def description_of(verdicts: Sequence[Verdict], whole: Overall) -> str:
    """The line of the status, at most 140 characters. A success that is not wholly verified says so first."""
    title = title_of(verdicts, whole)
    doubtful = state_of(whole) == "success" and any(verdict.verdict is not Answer.VERIFIED for verdict in verdicts)
    text = f"not all verified: {title}" if doubtful else title
    samples = sum(verdict.samples_used or 0 for verdict in verdicts)
    if samples:
        text += f" ({samples:,} samples)"
    return text if len(text) <= LONGEST_DESCRIPTION else f"{text[: LONGEST_DESCRIPTION - 1]}…"
