"""A rerun on a machine elsewhere: started or found again, waited for, and what it hands over taken from its output.

The output is the only way back: nothing there holds a token that may write. What comes back crosses a border of trust,
and is judged as `flows.pull_request` judges what a job of a workflow hands over.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from evalmark import artifact
from evalmark.errors import CouldNotFinish, Refused
from evalmark.flows.packed import packed, unpacked
from evalmark.flows.pull_request import Handed
from evalmark.outcome import KIND as OUTCOME_KIND
from evalmark.outcome import Outcomes
from evalmark.plan.making import KIND as PLAN_KIND
from evalmark.plan.making import Plan
from evalmark.ports import JobOrder, Jobs
from evalmark.report.escape import plain

NAMES = ("plan.json", "outcome.json")
LINE_LENGTH = 2_000
LARGEST = artifact.MAX_BYTES
_LINE = re.compile(r"evalmark-hand-over (plan\.json|outcome\.json) (\d{1,6})/(\d{1,6}) ([A-Za-z0-9+/=]+)")
_AGAIN = "look at its output; then run the same command again"


def as_lines(files: Mapping[str, str]) -> Iterator[str]:
    """Artifacts as lines that survive a log: packed, in pieces, each with its number."""
    for name in NAMES:
        letters = packed(files[name])
        pieces = [letters[at : at + LINE_LENGTH] for at in range(0, len(letters), LINE_LENGTH)]
        for number, piece in enumerate(pieces, 1):
            yield f"evalmark-hand-over {name} {number}/{len(pieces)} {piece}"


def rerun_elsewhere(jobs: Jobs, order: JobOrder, say: Callable[[str], None]) -> Handed:
    """Run the order to its end, or go on with the one that was started before; what it handed over.

    When we are interrupted it is ended, since nobody waits for it any more. Raises `CouldNotFinish` if it did not end
    well, `Refused` for something that evalmark cannot have written.
    """
    job = jobs.find(order.label)
    if job is None:
        job = jobs.start(order)
        say(f"started {jobs.address(job)}")
    else:
        say(f"goes on: {jobs.address(job)}")
    try:
        lines = list(_told(jobs.output(job), say))
    except KeyboardInterrupt:
        jobs.cancel(job)
        raise
    state, message = jobs.state(job)
    if state != "done":
        raise CouldNotFinish(
            f"the Job {jobs.address(job)} is {state}{f': {plain(message)}' if message else ''}", _AGAIN
        )
    try:
        return handed_over(lines)
    except CouldNotFinish:  # whoever follows an output may miss its end
        return handed_over(_told(jobs.output(job), _unheard))


def _unheard(_text: str) -> None:
    """What has been said before."""


def _told(lines: Iterable[str], say: Callable[[str], None]) -> Iterator[str]:
    """What is handed over; the rest is for people."""
    for line in lines:
        if _LINE.fullmatch(line.strip()):
            yield line.strip()
        else:
            say(plain(line, 300))


def handed_over(lines: Iterable[str]) -> Handed:
    """The artifacts in these lines. Raises `CouldNotFinish` if some are missing, `Refused` for what is no artifact."""
    pieces: dict[str, dict[int, str]] = {name: {} for name in NAMES}
    sizes: dict[str, int] = {}
    for line in lines:
        match = _LINE.fullmatch(line)
        if match is not None:
            pieces[match[1]][int(match[2])] = match[4]
            sizes[match[1]] = int(match[3])
    plan, outcome = (_whole(name, pieces[name], sizes.get(name, 0)) for name in NAMES)
    try:
        return Handed(
            plan=Plan.model_validate(artifact.loads(PLAN_KIND, plan)),
            digest=hashlib.sha256(plan.encode()).hexdigest(),
            outcomes=Outcomes.model_validate(artifact.loads(OUTCOME_KIND, outcome)),
        )
    except ValueError as error:
        raise Refused("what the Job handed over is not what evalmark writes", _AGAIN) from error


def _whole(name: str, pieces: Mapping[int, str], size: int) -> str:
    if size == 0 or any(number not in pieces for number in range(1, size + 1)):
        raise CouldNotFinish(f"the Job ended, and its output lacks parts of {name}", _AGAIN)
    try:
        return unpacked("".join(pieces[number] for number in range(1, size + 1)), LARGEST)
    except ValueError as error:
        raise Refused(f"the {name} that the Job handed over cannot be read: {error}", _AGAIN) from error
