"""Is a model repo ready to have its scores verified: each claim looked up, planned, and its cost forecast."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from evalmark.amounts import round_tokens
from evalmark.authoring.readiness import Line, State
from evalmark.facts import BenchmarkFound, BenchmarkMissing, BenchmarkRef, Facts, ModelFacts
from evalmark.flows.verify import looked_up, needed
from evalmark.formats.declaration import Declaration
from evalmark.formats.parse_results import LocatedEntry
from evalmark.formats.settings import TokensPerSample
from evalmark.keyring import keys_of
from evalmark.plan.cost import cost
from evalmark.plan.identity import ModelChoice
from evalmark.plan.making import Job, Limits, Planned, make_plan
from evalmark.ports import Benchmarks

Count: TypeAlias = Callable[[str, str, str, str], int | str]
"""(dataset id, commit, config, split) → how many rows there are, or why that is not known."""

STATES: Final[dict[str, State]] = {"not-rerunnable": "note", "error": "unknown", "inconclusive": "note"}
CONFIG, SPLIT = "default", "test"
NOT_DRAWN: Final = "0" * 32
NO_COMMIT: Final = "0" * 40
LOOK_UP: Final = "evalmark doctor --online, or --benchmark owner/name=DIR for one on this machine"
SOURCE: Final = "add source.url with the log of the evaluation: it lets anybody look before a rerun"
SETTINGS: Final = (
    "link the log of the evaluation (source.url), or the benchmark's owner says temperature in the task or in "
    ".evalmark.toml"
)
COST: Final = "tokens_per_sample in the benchmark's .evalmark.toml says it; evalmark init benchmark measures it"


@dataclass(frozen=True, slots=True)
class Claims:
    """A model's entries, the name of its repo, how many receipts lie in it; None for what cannot be seen there."""

    model: str
    entries: tuple[LocatedEntry, ...]
    receipts: int | None = None


def claim_lines(claims: Claims, benchmarks: Benchmarks | None, count: Count) -> Iterator[Line]:
    """Each benchmark that is claimed, each claim that cannot be rerun. Without `benchmarks` nothing is looked up."""
    if not claims.entries:
        yield Line(
            "fix", "scores", "no score is reported", "evalmark add LOG… writes one from the log of an evaluation"
        )
        return
    yield from _sources(claims.entries)
    yield from _receipts(claims.receipts)
    names = ", ".join(dict.fromkeys(entry.entry.dataset.id for entry in claims.entries))
    if benchmarks is None:
        yield Line("unknown", "benchmarks", f"not looked up: {names}", LOOK_UP)
        return
    found = {ref: looked_up(ref, benchmarks) for ref in needed(claims.entries)}
    planned = _plan(claims, found)
    yield from _skips(planned)
    for job in planned.plan.jobs:
        yield from _job(job, planned, found, count)


def key_lines(declaration: Declaration | None, now: datetime) -> Iterator[Line]:
    """The keys that a benchmark trusts. None: its `.evalmark.toml` is broken, which the rules tell."""
    keys = keys_of(declaration) if declaration is not None else ()
    if declaration is not None and not keys:
        fix = "evalmark receipt keygen, and the public key into trusted_keys of .evalmark.toml"
        yield Line("note", "keys", "no key is trusted, so no receipt of a verification is believed", fix)
    for key in keys:
        refused = key.refuses(now, now)
        if refused is not None:
            why = refused.partition(", and it was signed")[0]
            yield Line("note", "keys", why, "add the key that has come after it, below [[keys]] in .evalmark.toml")
        else:
            yield Line("ok", "keys", f"{key.name or key.id} is trusted")


def cost_line(about: str, total: int | str, epochs: int, each: TokensPerSample | None) -> Line:
    """What a verification of all samples takes."""
    if isinstance(total, str):
        return Line("unknown", about, f"it is not known how many samples there are: {total}", "see that its rows load")
    times = f" × {epochs} epochs" if epochs > 1 else ""
    taken = cost(total * epochs, each, None)
    if taken.input_tokens is None or taken.output_tokens is None:
        return Line("note", about, f"{total:,} samples{times} to run; what an answer takes is not said", COST)
    tokens = f"about {round_tokens(taken.input_tokens)} tokens in and {round_tokens(taken.output_tokens)} out"
    return Line(
        "ok", about, f"{total:,} samples{times}: all take {tokens}; a verification ends sooner where fewer decide"
    )


def _sources(entries: tuple[LocatedEntry, ...]) -> Iterator[Line]:
    for located in entries:
        if located.entry.source is None:
            yield Line("note", "source", f"{located.place}: the score links no log or other source", SOURCE)
    if all(located.entry.source is not None for located in entries):
        yield Line("ok", "source", f"each of {len(entries)} scores links its source")


def _receipts(receipts: int | None) -> Iterator[Line]:
    if receipts:
        yield Line("ok", "receipts", f"{receipts} in .evalmark/receipts; evalmark receipt verify checks them")
    elif receipts == 0:
        fix = "evalmark verify, then evalmark receipt make"
        yield Line("note", "receipts", "no signed verdict lies in .evalmark/receipts", fix)


def _plan(claims: Claims, found: Mapping[BenchmarkRef, BenchmarkFound | BenchmarkMissing]) -> Planned:
    """As `evalmark verify` would plan; nothing is drawn, because nothing runs."""
    facts = Facts(ModelFacts(claims.model, NO_COMMIT), found)
    return make_plan(claims.entries, facts, ModelChoice(), lambda _claims: NOT_DRAWN, Limits())


def _skips(planned: Planned) -> Iterator[Line]:
    """A claim that names what is not there must be fixed; a benchmark that cannot be rerun is not the model's fault."""
    plan = planned.plan
    to_blame = {(finding.place.path, finding.message) for finding in planned.findings}
    for skip in plan.skips:
        claim = plan.claims[skip.claim]
        what = f"{claim.file}:{claim.line}: cannot be rerun: {skip.reason}"
        state: State = "fix" if (claim.file, skip.reason) in to_blame else STATES[skip.verdict]
        yield Line(state, f"{claim.dataset_id} · {claim.task_id}", what, skip.advice)


def _job(
    job: Job,
    planned: Planned,
    found: Mapping[BenchmarkRef, BenchmarkFound | BenchmarkMissing],
    count: Count,
) -> Iterator[Line]:
    about = f"{job.dataset_id} · {job.task_id}"
    many = len(job.claims)
    yield Line("ok", about, f"{many} score{'s' if many > 1 else ''} can be rerun")
    if not job.settings_known:
        what = "how the model samples is not said, so a difference would be inconclusive"
        yield Line("note", about, what, SETTINGS)
    benchmark = found[planned.plan.claims[job.claims[0]].benchmark]
    config, split = _place_of(benchmark, job.task_id)
    total = count(job.dataset_id, job.dataset_revision, config, split)
    yield cost_line(about, total, job.epochs, planned.declarations[job.id].tokens_per_sample)


def _place_of(benchmark: BenchmarkFound | BenchmarkMissing, task_id: str) -> tuple[str, str]:
    """Config and split of a task of a job; what Inspect takes where it is not said."""
    tasks = benchmark.benchmark.tasks if isinstance(benchmark, BenchmarkFound) and benchmark.benchmark else ()
    return next(((task.config or CONFIG, task.split or SPLIT) for task in tasks if task.id == task_id), (CONFIG, SPLIT))
