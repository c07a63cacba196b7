"""`evalmark verify TARGET`: the whole way on one machine, from the files of a model repo to verdicts."""

import argparse
from collections.abc import Callable
from pathlib import Path

from evalmark.errors import ExitCode

LARGEST = 10**9
JOB_IMAGE = "ghcr.io/astral-sh/uv:python3.12-bookworm"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.epilog = "Options after -- go to the model's generation: -- --temperature 0 --max-tokens 32"
    add = parser.add_argument
    add(
        "target",
        metavar="TARGET",
        help="a folder of a model repo, or one on the Hub: owner/name, owner/name@REVISION, owner/name#PULL_REQUEST",
    )
    group = add_what_runs(parser)
    group.add_argument(
        "--allow", action="append", metavar="OWNER/NAME[@COMMIT]", help="a benchmark that may run (default: all may)"
    )
    group.add_argument("--repo", metavar="OWNER/NAME", help="the model repo's name (default: from its git remote)")
    limits = add_limits(parser)
    limits.add_argument("--nonce", help="draw the order of samples with this (default: fresh, kept in plan.json)")
    limits.add_argument("--prices", type=Path, metavar="FILE", help="a price table (TOML), to show what it will cost")
    evidence = parser.add_argument_group("evidence before a rerun")
    evidence.add_argument(
        "--log",
        metavar="PLACE",
        help="Inspect logs of the claims: a file, a folder, a repo of the Hub; or source: what the entries link to",
    )
    evidence.add_argument("--no-rerun", action="store_true", help="judge by the logs alone")
    add_where(parser)
    parser.add_argument("--hand-over", action="store_true", help="print the artifacts at the end, as a Job does")
    answer = parser.add_argument_group("answer", "for a pull request on the Hub")
    answer.add_argument("--comment", action="store_true", help="say the verdicts in one comment on the pull request")
    answer.add_argument("--dry-run", action="store_true", help="print exactly what --comment would write")
    out = parser.add_argument_group("report")
    out.add_argument("--fail-on", default="mismatch", metavar="VERDICTS", help="verdicts that exit 1, or never")
    out.add_argument("--format", choices=("text", "json", "markdown"), default="text", help="what is printed (text)")
    out.add_argument(
        "--out", type=Path, default=Path("evalmark-report"), metavar="DIR", help="artifacts (evalmark-report)"
    )


def add_limits(parser: argparse.ArgumentParser) -> "argparse._ArgumentGroup":
    """How far a rerun may go."""
    limits = parser.add_argument_group("limits")
    limits.add_argument(
        "--budget",
        action="append",
        default=[],
        metavar="N[UNIT]",
        help="the most that one rerun may take: 500samples, 2Mtokens, 30minutes; may be given several times",
    )
    limits.add_argument("--samples", type=_positive(int), metavar="N", help="as --budget Nsamples")
    limits.add_argument("--minutes", type=_positive(float), metavar="M", help="as --budget Mminutes")
    limits.add_argument(
        "--epochs",
        type=_positive(int),
        default=1,
        metavar="N",
        help="passes over all samples if one leaves it open (1)",
    )
    limits.add_argument("--tokens", type=_positive(int), metavar="N", help="tokens of one sample")
    limits.add_argument("--connections", type=_positive(int), default=1, metavar="N", help="requests at a time (1)")
    limits.add_argument(
        "--request-seconds", type=_positive(int), default=600, metavar="S", help="time of one request (600)"
    )
    return limits


def add_what_runs(parser: argparse.ArgumentParser) -> "argparse._ArgumentGroup":
    """The model and the benchmarks."""
    group = parser.add_argument_group("what runs")
    group.add_argument(
        "--benchmark", action="append", default=[], metavar="OWNER/NAME=DIR", help="a benchmark on this machine"
    )
    group.add_argument("--model", metavar="M", help="Inspect model string (default: hf/<the claimed repo>)")
    group.add_argument("--model-arg", action="append", default=[], metavar="NAME=VALUE", help="a model argument")
    group.add_argument("--model-base-url", metavar="URL", help="address of the model's provider")
    group.add_argument(
        "--accept-served-model",
        action="store_true",
        help="run a model that is not provably the claimed one",
    )
    group.add_argument("--grader", metavar="M", help="the model that grades, where the scorer is one; or self")
    group.add_argument(
        "--pass-env", action="append", default=[], metavar="NAME", help="a variable that the model's process may see"
    )
    return group


def add_where(parser: argparse.ArgumentParser) -> None:
    """On which machine."""
    where = parser.add_argument_group("where it runs")
    where.add_argument(
        "--runner", choices=("local", "jobs"), default="local", help="here, or on Hugging Face Jobs (local)"
    )
    where.add_argument("--job-namespace", metavar="NAME", help="the account that pays for the Job")
    where.add_argument(
        "--job-flavor", default="cpu-basic", metavar="F", help="the machine, such as a10g-small (cpu-basic)"
    )
    where.add_argument("--job-image", default=JOB_IMAGE, metavar="IMAGE", help=f"the image ({JOB_IMAGE})")
    where.add_argument("--job-with", action="append", default=[], metavar="PACKAGE", help="a further package there")
    where.add_argument("--job-command", metavar="COMMAND", help="how evalmark is started there (default: with uv)")
    where.add_argument(
        "--job-hours", type=_positive(int), default=6, metavar="H", help="its end, without --minutes (6)"
    )


def run(args: argparse.Namespace) -> ExitCode:
    """Plan, print the plan, rerun, judge, write the artifacts, print the report."""
    from evalmark.cli.verify.verifying import run as verify  # noqa: PLC0415 - `--help` must not wait for the judge

    return verify(args)


def _positive(kind: type[int] | type[float]) -> Callable[[str], int | float]:
    def number(text: str) -> int | float:
        value = kind(text)
        if not 0 < value < LARGEST:
            raise argparse.ArgumentTypeError(f"{text} is not a number above 0")
        return value

    return number
