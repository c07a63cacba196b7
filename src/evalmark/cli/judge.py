"""`evalmark judge`: the same verdict over scores from any harness."""

import argparse

from evalmark.errors import ExitCode


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.epilog = "The scores must stand in an order that was drawn at random before the first sample ran."
    add = parser.add_argument
    add("--claim", required=True, metavar="SCORE", help="the score as it is printed: 78.3")
    add("--unit", choices=("fraction", "percent"), help="how it is written (default: where only one is possible)")
    add("--total", required=True, type=int, metavar="N", help="samples of the whole benchmark")
    add(
        "--outcomes",
        required=True,
        metavar="FILE",
        help="one score from 0 to 1 a line, null for a sample that could not be scored; - for standard input",
    )
    margins = parser.add_argument_group("margins")
    margins.add_argument("--delta", metavar="D", help="tolerance on the scale from 0 to 1 (0.02)")
    margins.add_argument("--noise", type=float, metavar="V", help="variance of one generation (default: unknown)")
    margins.add_argument("--claim-epochs", type=int, default=1, metavar="E", help="epochs behind the claim (1)")
    margins.add_argument("--rerun-epochs", type=int, default=1, metavar="E", help="epochs behind each score (1)")
    margins.add_argument("--lower-is-better", action="store_true", help="the score is an error rate")
    margins.add_argument("--one-sided", action="store_true", help="only a rerun that is worse is a mismatch")
    add("--fail-on", default="mismatch", metavar="VERDICTS", help="verdicts that exit 1, or never")
    add("--format", choices=("text", "json"), default="text", help="what is printed (text)")


def run(args: argparse.Namespace) -> ExitCode:
    """Judge, print."""
    from evalmark.cli.judging import run as judge  # noqa: PLC0415 - `--help` must not wait for the judge

    return judge(args)
