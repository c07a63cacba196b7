"""What `evalmark verify` does once its arguments are read."""

import argparse
import importlib
import importlib.util
import secrets
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from evalmark import artifact
from evalmark.adapters.artifacts import make_folder, read_if_there
from evalmark.adapters.tree.reading import read_regular
from evalmark.adapters.weights import sha256_of, weights_behind
from evalmark.cli import options
from evalmark.cli.settings import Settings, read_settings
from evalmark.errors import ExitCode, MissingExtra, UsageProblem
from evalmark.finding import Finding, Severity
from evalmark.flows.packed import unpacked
from evalmark.flows.verify import Terms, Verified
from evalmark.formats.prices import Price, parse_prices
from evalmark.outcome import Failed
from evalmark.plan.allowed import parse_allowed
from evalmark.plan.claims import Claim
from evalmark.plan.identity import ModelChoice
from evalmark.plan.making import KIND as PLAN_KIND
from evalmark.plan.making import Limits, Plan
from evalmark.plan.nonce import kept_nonce
from evalmark.plan.order import Question, nonce_from_secret
from evalmark.verdict import Answer

if TYPE_CHECKING:
    from evalmark.cli.subjects import Subject
    from evalmark.cli.verify.verification import Request

BUDGETS = ("samples", "tokens", "minutes")
HANDED_PLAN = "EVALMARK_PLAN"
PARTS = ("inspect_ai", "datasets", "huggingface_hub", "rich")


def run(args: argparse.Namespace) -> ExitCode:
    """Plan, print the plan, rerun, judge, write the artifacts, print the report."""
    if any(importlib.util.find_spec(part) is None for part in PARTS):
        raise MissingExtra("verify", "verify")
    # The engine's parts are heavy and optional, so they are imported once it is known that they are there.
    verification = importlib.import_module("evalmark.cli.verify.verification")
    fail_on = options.answers(args.fail_on)
    subject = importlib.import_module("evalmark.cli.subjects").subject_of(args.target, args.repo)
    wants_answer = args.comment or args.dry_run
    if wants_answer and getattr(subject, "number", None) is None:
        raise UsageProblem(
            f"{args.target} is no pull request, so there is nowhere to comment",
            "name one: evalmark verify owner/name#12 --comment",
        )
    settings = read_settings()
    out = make_folder(args.out)
    done = verification.carry_out(request_of(args, subject, settings), settings, out, args.format)
    if args.hand_over:
        importlib.import_module("evalmark.cli.verify.elsewhere").hand_over(out)
    if wants_answer and done.proposal is not None:
        answering = importlib.import_module("evalmark.cli.answering")
        verdicts = done.verified.verdicts
        answering.say_on_hub(done.proposal, subject.repo, verdicts, done.findings, settings, dry_run=args.dry_run)
    return _exit_code(done.verified, done.findings, fail_on)


def request_of(args: argparse.Namespace, subject: "Subject", settings: Settings) -> "Request":
    """What the options say about how `subject` is verified. Raises `UsageProblem`."""
    from evalmark.cli.verify.verification import Request  # noqa: PLC0415 - heavy and optional

    weights = weights_behind(args.model)
    request = Request(
        subject=subject,
        benchmarks=options.benchmark_folders(args.benchmark),
        terms=_terms(args, settings, weights),
        log=args.log,
        prices=_prices(args.prices),
        weights=weights,
        passed=frozenset(args.pass_env),
        allowed=parse_allowed(args.allow) if args.allow is not None else None,
    )
    if args.runner == "local":
        return request
    from evalmark.cli.verify.elsewhere import on_jobs  # noqa: PLC0415 - seldom wanted

    return on_jobs(args, request, settings)


def _terms(args: argparse.Namespace, settings: Settings, weights: Path | None) -> Terms:
    choice = ModelChoice(
        spec=args.model,
        accept_served=args.accept_served_model,
        args=options.key_values(args.model_arg, "--model-arg"),
        base_url=args.model_base_url,
        generation=options.generation_options(args.options_after_dashes),
        grader=args.grader,
        weights_sha256=sha256_of(weights) if weights else None,
    )
    earlier = _handed_plan(settings) or _earlier_plan(args.out)
    kept = partial(_kept_nonce, args, settings, earlier)
    return Terms(choice, _limits(args), partial(_new_nonce, args.nonce, earlier), kept, rerun=not args.no_rerun)


def _new_nonce(given: str | None, earlier: Plan | None, claims: tuple[Claim, ...]) -> str:
    """A plan for claims that an earlier one was about is that very plan: so a Job is found again."""
    if given is None and earlier is not None and earlier.claims == claims:
        return earlier.nonce
    return given or secrets.token_hex(16)


def _handed_plan(settings: Settings) -> Plan | None:
    """On a machine elsewhere: the plan of whoever started it, with its draws. Raises `UsageProblem` for none."""
    packed = settings.environment.get(HANDED_PLAN)
    if packed is None:
        return None
    try:
        return Plan.model_validate(artifact.loads(PLAN_KIND, unpacked(packed)))
    except ValueError as error:
        raise UsageProblem(f"the variable {HANDED_PLAN} holds no plan", "leave it out") from error


def _kept_nonce(args: argparse.Namespace, settings: Settings, earlier: Plan | None, question: Question) -> str | None:
    """Drawing again for the same question would let one wait for a good order. A verifier's secret gives it anyway."""
    if args.nonce:
        return None
    if settings.secret:
        return nonce_from_secret(settings.secret, question)
    return kept_nonce(earlier, question) if earlier else None


def _earlier_plan(out: Path) -> Plan | None:
    text = read_if_there(out / "plan.json")
    try:
        return Plan.model_validate(artifact.loads(PLAN_KIND, text)) if text is not None else None
    except ValueError:  # of another version, or not ours
        return None


def _limits(args: argparse.Namespace) -> Limits:
    budget = options.budget(args.budget)
    samples, tokens = (int(budget[name]) if name in budget else None for name in ("samples", "tokens"))
    return Limits(
        samples=args.samples or samples,
        minutes=args.minutes or budget.get("minutes"),
        all_tokens=tokens,
        tokens=args.tokens,
        epochs=args.epochs,
        connections=args.connections,
        request_seconds=args.request_seconds,
    )


def _prices(file: Path | None) -> Mapping[str, Price]:
    if file is None:
        return {}
    return parse_prices(file.as_posix(), read_regular(file))


def _exit_code(verified: Verified, findings: tuple[Finding, ...], fail_on: frozenset[Answer]) -> ExitCode:
    if any(verdict.verdict in fail_on for verdict in verified.verdicts):
        return ExitCode.FOUND
    if any(finding.severity is Severity.ERROR for finding in findings):
        return ExitCode.FOUND
    failed = any(isinstance(outcome.result, Failed) for outcome in verified.outcomes)
    errors = any(verdict.verdict is Answer.ERROR for verdict in verified.verdicts)
    return ExitCode.UNFINISHED if failed or errors or _ran_out(verified) else ExitCode.FINE


def _ran_out(verified: Verified) -> bool:
    """Whether a budget ended a rerun before it could answer."""
    open_ones = (verdict.run for verdict in verified.verdicts if verdict.verdict is Answer.INCONCLUSIVE)
    return any(run is not None and run.ended in BUDGETS for run in open_ones)
