"""What `evalmark verify` does once its arguments are read."""

import argparse
import importlib
import importlib.util
import secrets
from pathlib import Path

from evalmark import artifact
from evalmark.adapters.artifacts import make_folder, read_if_there
from evalmark.adapters.tree.model import repo_name_of, results_files
from evalmark.adapters.weights import find_weights, sha256_of
from evalmark.cli import options
from evalmark.cli.settings import read_settings
from evalmark.errors import ExitCode, MissingExtra
from evalmark.finding import Finding, Severity
from evalmark.flows.verify import Terms, Verified
from evalmark.outcome import Failed
from evalmark.plan.claims import Claim
from evalmark.plan.identity import LLAMACPP_PREFIX, ModelChoice
from evalmark.plan.making import KIND as PLAN_KIND
from evalmark.plan.making import Limits, Plan
from evalmark.verdict import Answer

PARTS = ("inspect_ai", "datasets", "huggingface_hub", "rich")


def run(args: argparse.Namespace) -> ExitCode:
    """Plan, print the plan, rerun, judge, write the artifacts, print the report."""
    if any(importlib.util.find_spec(part) is None for part in PARTS):
        raise MissingExtra("verify", "verify")
    # The engine's parts are heavy and optional, so they are imported once it is known that they are there.
    verification = importlib.import_module("evalmark.cli.verification")
    fail_on = options.answers(args.fail_on)
    files = results_files(Path(args.target))
    settings = read_settings()
    out = make_folder(args.out)
    weights = _weights(args)
    request = verification.Request(
        folder=Path(args.target),
        files=files,
        repo=options.repo_name(args.repo, "--repo") if args.repo else repo_name_of(Path(args.target)),
        benchmarks=options.benchmark_folders(args.benchmark),
        terms=_terms(args, out, weights),
        weights=weights,
        passed=frozenset(args.pass_env),
    )
    findings, verified = verification.carry_out(request, settings, out, args.format)
    return _exit_code(verified, findings, fail_on)


def _terms(args: argparse.Namespace, out: Path, weights: Path | None) -> Terms:
    choice = ModelChoice(
        spec=args.model,
        accept_served=args.accept_served_model,
        args=options.key_values(args.model_arg, "--model-arg"),
        base_url=args.model_base_url,
        generation=options.generation_options(args.options_after_dashes),
        weights_sha256=sha256_of(weights) if weights else None,
    )
    limits = Limits(
        samples=args.samples,
        minutes=args.minutes,
        tokens=args.tokens,
        connections=args.connections,
        request_seconds=args.request_seconds,
    )
    return Terms(choice, limits, lambda claims: args.nonce or _kept_nonce(out, claims) or secrets.token_hex(16))


def _weights(args: argparse.Namespace) -> Path | None:
    if args.model is None or not args.model.startswith(LLAMACPP_PREFIX):
        return None
    return find_weights(args.model.removeprefix(LLAMACPP_PREFIX))


def _kept_nonce(out: Path, claims: tuple[Claim, ...]) -> str | None:
    """The nonce of an earlier run for the same claims: drawing again would let one wait for a good order."""
    text = read_if_there(out / "plan.json")
    if text is None:
        return None
    try:
        plan = Plan.model_validate(artifact.loads(PLAN_KIND, text))
    except ValueError:  # of another version, or not ours
        return None
    return plan.nonce if plan.claims == claims else None


def _exit_code(verified: Verified, findings: tuple[Finding, ...], fail_on: frozenset[Answer]) -> ExitCode:
    if any(verdict.verdict in fail_on for verdict in verified.verdicts):
        return ExitCode.FOUND
    if any(finding.severity is Severity.ERROR for finding in findings):
        return ExitCode.FOUND
    failed = any(isinstance(outcome.result, Failed) for outcome in verified.outcomes)
    errors = any(verdict.verdict is Answer.ERROR for verdict in verified.verdicts)
    return ExitCode.UNFINISHED if failed or errors else ExitCode.FINE
