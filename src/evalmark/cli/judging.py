"""What `evalmark judge` does once its arguments are read."""

import argparse
import json
import math
import sys
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path

from evalmark import artifact
from evalmark.cli import options
from evalmark.errors import CouldNotFinish, ExitCode, UsageProblem
from evalmark.judge.scores import KIND, Asked, judge_scores
from evalmark.report.scores import scores_verdict_as_text
from evalmark.stats.margins import Runs

LARGEST_TOTAL = 10_000_000
LARGEST_FILE = 1 << 28
# Exact decimals of more digits would take minutes, and no score needs them.
LARGEST_EXPONENT = 400


def run(args: argparse.Namespace) -> ExitCode:
    """Judge, print; a verdict in `--fail-on` makes the exit code 1."""
    fail_on = options.answers(args.fail_on)
    asked = _asked(args)
    scores = _scores(args.outcomes)
    if len(scores) > asked.total:
        raise UsageProblem(
            f"{args.outcomes} holds {len(scores)} scores, and --total says {asked.total} samples",
            "give the samples of the whole benchmark with --total",
        )
    verdict = judge_scores(asked, scores)
    if args.format == "json":
        print(artifact.dumps(KIND, verdict.model_dump(mode="json")), end="")
    else:
        print(scores_verdict_as_text(verdict), end="")
    return ExitCode.FOUND if verdict.verdict in fail_on else ExitCode.FINE


def _asked(args: argparse.Namespace) -> Asked:
    _within("--claim-epochs", args.claim_epochs, 1, 10_000)
    _within("--rerun-epochs", args.rerun_epochs, 1, 10_000)
    _within("--total", args.total, 1, LARGEST_TOTAL)
    tolerance = _number(args.delta, "--delta") if args.delta is not None else None
    if tolerance is not None:
        _within("--delta", tolerance, Fraction(1, 10**9), 1)
    if args.noise is not None:
        _within("--noise", args.noise, 0, 0.25)
    _number(args.claim, "--claim")
    return Asked(
        digits=args.claim,
        total=args.total,
        unit=args.unit,
        tolerance=tolerance,
        noise=args.noise,
        runs=Runs(args.claim_epochs, args.rerun_epochs),
        lower_is_better=args.lower_is_better,
        one_sided=args.one_sided,
    )


def _number(text: str, option: str) -> Fraction:
    try:
        number = Decimal(text)
        if number.is_finite() and math.isfinite(float(number)):
            return Fraction(number) if abs(number.adjusted()) < LARGEST_EXPONENT else Fraction(float(number))
    except (InvalidOperation, OverflowError):
        pass
    raise UsageProblem(f"`{option} {text}` is not a number", f"write for example {option} 0.02")


def _within(option: str, value: float | Fraction, low: float | Fraction, high: float | Fraction) -> None:
    if not low <= value <= high:
        raise UsageProblem(f"`{option} {float(value):g}` is out of range", f"write {float(low):g} to {float(high):g}")


def _scores(path: str) -> list[float | None]:
    """One score a line. Raises `UsageProblem` with the line for anything else."""
    name = "standard input" if path == "-" else path
    try:
        with sys.stdin.buffer if path == "-" else Path(path).open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise CouldNotFinish(f"cannot read {name}: {error.strerror}", "check that it exists and its rights") from error
    if len(content) > LARGEST_FILE:
        raise UsageProblem(f"{name} is over {LARGEST_FILE >> 20} MiB", "give one score a line and nothing else")
    lines = content.decode(errors="replace").splitlines()
    return [_score(line, f"{name}:{number}") for number, line in enumerate(lines, 1) if line.strip()]


def _score(line: str, place: str) -> float | None:
    try:
        score = json.loads(line, parse_constant=_no_score)
    except (ValueError, RecursionError):
        score = line
    if score is None:
        return None
    if isinstance(score, bool) or not isinstance(score, int | float) or not 0 <= score <= 1:
        shown = line.strip()[:40]
        raise UsageProblem(
            f"{place}: `{shown}` is not a score", "write a number from 0 to 1, or null for one that could not be scored"
        )
    return float(score)


def _no_score(_constant: str) -> str:
    return ""
