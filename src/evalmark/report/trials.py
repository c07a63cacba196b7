"""A trial run and the request for the shortlist, for the terminal of a benchmark's author."""

import shlex
from collections.abc import Iterable, Iterator
from typing import Final

from evalmark.amounts import round_tokens
from evalmark.authoring.transcript import Transcript
from evalmark.outcome import Measured
from evalmark.plan.cost import Cost, measured_tokens
from evalmark.report.escape import painted, plain
from evalmark.report.shortlist import WHERE, Request, body, title

LONGEST: Final = 300
NONE_RIGHT: Final = (
    "Is that the model, or the scoring? If an answer above is right, take another --scorer, or tell the model how to "
    "answer."
)
RULE: Final = "─" * 72


def trial_as_text(measured: Measured, samples: Iterable[Transcript], model: str, *, colour: bool) -> str:
    """Each sample with prompt, answer, target and score."""
    told = list(samples)
    lines = [f"{len(told)} of {measured.total:,} samples with {plain(model)}:", ""]
    for number, sample in enumerate(told, 1):
        lines += _sample(number, sample, colour=colour)
    right = sum(sample.score or 0 for sample in told)
    lines.append(f"{right:g} of {len(told)} right")
    if not right:
        lines.append(NONE_RIGHT)
    return "".join(f"{line}\n" for line in lines)


def _sample(number: int, sample: Transcript, *, colour: bool) -> Iterator[str]:
    if sample.score is None:
        score = painted(f"no score: {plain(sample.error or 'the scorer gave none', LONGEST)}", "33", colour)
    else:
        score = painted(f"{sample.score:g}", "32" if sample.score > 0 else "31", colour)
    yield f"{number}  prompt  {_cut(sample.prompt)}"
    yield f"   answer  {_cut(sample.answer) or '(nothing)'}"
    yield f"   target  {_cut(sample.target)}"
    yield f"   score   {score}"
    yield ""


def _cut(text: str) -> str:
    """One line; of a long text its beginning and its end, where the question often stands."""
    line = plain(text, 100_000)
    return line if len(line) <= LONGEST else f"{line[: LONGEST // 2]} … {line[-LONGEST // 2 :]}"


def cost_as_text(cost: Cost, measured: Measured) -> str:
    """What a whole verification takes, and the line that says so to verifiers."""
    if cost.input_tokens is None or cost.output_tokens is None:
        return ""
    answers = len(measured.samples) * measured.epochs
    each = measured_tokens(measured.input_tokens, measured.output_tokens, answers)
    declared = f"tokens_per_sample = {{input = {each.input:.0f}, output = {each.output:.0f}}}" if each else ""
    return (
        f"A verification of all {measured.total:,} samples takes about {round_tokens(cost.input_tokens)} tokens in and "
        f"{round_tokens(cost.output_tokens)} out; it ends sooner where fewer decide.\n"
        f"    tell verifiers so, in .evalmark.toml: {declared}\n"
    )


def request_as_text(request: Request, folder: str) -> str:
    """How to push the files, and what to paste where."""
    draft = request.draft
    return (
        f"\nTo push the benchmark, when you are content:\n"
        f"    hf upload {draft.dataset_id} {shlex.quote(plain(folder))} . --repo-type dataset\n"
        f"\nThen ask for the shortlist: paste this into {WHERE}\n"
        f"{RULE}\n{title(request)}\n{RULE}\n{body(request)}{RULE}\n"
    )
