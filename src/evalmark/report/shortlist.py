"""The request to put a benchmark on the Hub's shortlist, filled in: a title and a body to paste.

`docs/hub/eval-results.md` in huggingface/hub-docs (August 2026) asks owners to get in touch for the allow-list. They do
so in an issue there, and are asked for results of open models.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from evalmark.authoring.eval_yaml import Draft
from evalmark.finding import Finding, Severity
from evalmark.report.escape import plain

WHERE: Final = "https://github.com/huggingface/hub-docs/issues/new"
HUB: Final = "https://huggingface.co"
MISSING: Final = "**please fill in**"
WRITTEN: Final = {"percent": "in percent", "fraction": "as a fraction"}


@dataclass(frozen=True, slots=True)
class Tried:
    """What a trial run showed. `right` is the sum of the scores."""

    model: str
    samples: int
    right: float
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Request:
    """What the request tells. None is what nobody has said."""

    draft: Draft
    findings: tuple[Finding, ...]
    samples: int | None = None
    licence: str | None = None
    contact: str | None = None
    link: str | None = None
    tried: Tried | None = None


def title(request: Request) -> str:
    """The title of the issue."""
    return f"Request: add {request.draft.dataset_id} to the benchmark shortlist"


def body(request: Request) -> str:
    """The text of the issue, in Markdown."""
    return "".join(f"{line}\n" for line in _lines(request))


def _lines(request: Request) -> Iterator[str]:
    draft = request.draft
    page = f"{HUB}/datasets/{draft.dataset_id}"
    yield f"Please add **{_words(draft.name)}** to the Hub's shortlist of benchmarks."
    yield ""
    yield f"- Dataset: {page}"
    yield f"- What it measures: {_words(draft.description, 1000)}"
    place = f"config `{_code(draft.config)}`, split `{_code(draft.split)}`"
    yield f"- Task: `{_code(draft.task_id)}` ({draft.kind}), {place}"
    yield f"- Samples: {f'{request.samples:,}' if request.samples is not None else MISSING}"
    yield f"- Solved and scored by Inspect AI: {_how(draft)}; scores are written {WRITTEN[draft.unit]}"
    yield f"- Licence: {_or_missing(request.licence)}"
    yield f"- Contact: {_or_missing(request.contact)}"
    yield f"- Paper, code or leaderboard: {_or_missing(request.link)}"
    yield "- Results of open models so far: " + MISSING
    yield ""
    command = f"inspect eval hf/{draft.dataset_id}/{_code(draft.task_id)}"
    yield f"`eval.yaml`: {page}/blob/main/eval.yaml. It runs with `{command}`."
    yield f"`evalmark check`: {checked(request.findings)}."
    if request.tried is not None:
        yield f"Trial run: {tried_in_words(request.tried)}."


def checked(findings: tuple[Finding, ...]) -> str:
    """How many findings of which kind."""
    counts = [(kind, sum(finding.severity is kind for finding in findings)) for kind in Severity]
    named = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "remark"}
    told = [f"{count} {named[kind]}{'s' if count > 1 else ''}" for kind, count in counts if count]
    return ", ".join(told) or "nothing to mend"


def tried_in_words(tried: Tried) -> str:
    """The trial in a sentence without an end."""
    failed = f", {tried.failed} failed" if tried.failed else ""
    return f"{tried.samples} samples with `{_code(tried.model)}`, {tried.right:g} right{failed}"


def _how(draft: Draft) -> str:
    how = "`multiple_choice`" if draft.kind == "multiple choice" else "`generate`"
    judge = f" with the judge `{_code(draft.judge)}`" if draft.judge is not None else ""
    return f"{how}, `{draft.scorer}`{judge}"


def _or_missing(text: str | None) -> str:
    return _words(text) if text else MISSING


def _words(text: str, longest: int = 200) -> str:
    """The person's own words, on one line."""
    return plain(text, longest)


def _code(text: str) -> str:
    return plain(text).replace("`", "'")
