"""What the pull request of a submission says: what it brings, how it was measured, and how to check it."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from evalmark.authoring.duplicates import Reported, Standing
from evalmark.harness.result import Result
from evalmark.logged import LogEvidence
from evalmark.report.escape import code, plain

MADE_WITH = "Proposed with evalmark."


class Backing(NamedTuple):
    """What supports an entry: the result of its log, and what the log was found to show."""

    result: Result | None = None
    evidence: LogEvidence | None = None


class Brought(NamedTuple):
    """An entry that is proposed, and what supports it."""

    reported: Reported
    backing: Backing = Backing()


class Target(NamedTuple):
    """What `evalmark verify` is given, and where it is given it."""

    target: str
    where: str


def on_hub(model: str) -> Target:
    """A pull request on the Hub."""
    return Target(f"{model}#N", "with the number of this pull request for `N`")


IN_CHECKOUT = Target(".", "in a checkout of this branch, in the model's folder")


def description_of(target: Target, brought: Sequence[Brought], said: str = "", browse: str | None = None) -> str:
    """The pull request's text in Markdown. `said` is the submitter's own, `browse` where the logs can be looked at."""
    parts = [said] if said else []
    parts.append("\n".join(_table(brought)))
    run = list(dict.fromkeys(line for each in brought for line in _how_run(each)))
    if run:
        parts.append("**How it was run**\n\n" + "\n".join(run))
    parts.append("**Evidence**\n\n" + "\n".join(dict.fromkeys(map(_evidence, brought))))
    if browse:
        parts.append(f"The logs can be looked at in {browse}.")
    benchmarks = dict.fromkeys(each.reported.entry.entry.dataset.id for each in brought)
    allow = " ".join(f"--allow {name}" for name in benchmarks)
    parts.append(
        f"**How to verify it** ({target.where})\n\n"
        f"    pip install 'evalmark[verify]'\n    evalmark verify {target.target} {allow}"
    )
    parts.append(MADE_WITH)
    return "\n\n".join(parts) + "\n"


def _table(brought: Sequence[Brought]) -> Iterator[str]:
    yield "| benchmark | task | score | set-up | until now |"
    yield "| --- | --- | --- | --- | --- |"
    for each in brought:
        located = each.reported.entry
        entry = located.entry
        notes = code(entry.notes) if entry.notes else "usual"
        before = _before(each.reported)
        yield (
            f"| {code(entry.dataset.id)} | {code(entry.dataset.task_id)} | {located.value_text} | {notes} | {before} |"
        )


def _before(reported: Reported) -> str:
    if reported.standing is Standing.NEW or reported.other is None:
        return "not reported"
    other = reported.other
    where = f"pull request {other.pull_request}" if other.pull_request else "main"
    return f"{other.entry.value_text} in {where}"


def _how_run(each: Brought) -> Iterator[str]:
    result = each.backing.result
    if result is None:
        return
    of = f" of {result.planned}" if result.planned is not None and result.planned != result.samples else ""
    parts = [
        f"{code(' '.join(filter(None, (result.harness, result.version))))} on the model {code(result.model)}",
        *([f"{result.samples}{of} samples"] if result.samples is not None else []),
        *([f"set-up: {code(', '.join(result.setup))}"] if result.setup else []),
        *([f"benchmark at {code(result.dataset.revision)}"] if result.dataset.revision else []),
        *([code(result.date)] if result.date else []),
        *(plain(fault) for fault in result.faults),
    ]
    yield f"- {code(result.task)}: {'; '.join(parts)}"


def _evidence(each: Brought) -> str:
    entry = each.reported.entry.entry
    about = f"- {code(entry.dataset.id)} · {code(entry.dataset.task_id)}: "
    url = entry.source.url if entry.source else None
    if url is None:
        return f"{about}no log is linked, so only a rerun can tell"
    link = f"<{url}>" if url.isascii() and not set(url) & set("<> \\`") else code(url)
    found = each.backing.evidence
    result = each.backing.result
    if found is None and result is not None and result.harness != "inspect-ai":
        return f"{about}{link}; results of {code(result.harness)} state the score, and only a rerun can check it"
    if found is None:
        return f"{about}{link}"
    check = f"; checked by the submitter: {code(found.state)} by the rung {code(found.rung)}"
    return f"{about}{link}{check}"
