"""`evalmark watch owner/name …`: answer the open pull requests of models on the Hub, by and by."""

import argparse
import importlib
import importlib.util
from pathlib import Path

from evalmark.cli.verify import add_limits, add_what_runs, add_where
from evalmark.errors import ExitCode, MissingExtra

PARTS = ("inspect_ai", "datasets", "huggingface_hub", "rich")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.epilog = "Options after -- go to the model's generation: -- --temperature 0 --max-tokens 32"
    which = parser.add_argument_group("which pull requests")
    which.add_argument("models", nargs="*", metavar="OWNER/NAME", help="models on the Hub")
    which.add_argument("--author", action="append", default=[], metavar="OWNER", help="all models of a person or org")
    which.add_argument(
        "--on-board", action="append", default=[], metavar="OWNER/NAME", help="all models on a benchmark's leaderboard"
    )
    which.add_argument(
        "--from-webhook", action="store_true", help="the one that WEBHOOK_PAYLOAD is about, in a Job of a webhook"
    )
    which.add_argument(
        "--allow",
        action="append",
        default=[],
        metavar="OWNER/NAME[@COMMIT]",
        help="a benchmark that may run; no other does, for its owner chooses prompts and scorers",
    )
    add_what_runs(parser)
    add_limits(parser)
    add_where(parser)
    parser.set_defaults(nonce=None, prices=None, log=None, no_rerun=False)
    how = parser.add_argument_group("how")
    how.add_argument("--every", type=float, metavar="MINUTES", help="look again and again (default: once)")
    how.add_argument("--dry-run", action="store_true", help="print exactly what would be written, and write nothing")
    how.add_argument(
        "--state", type=Path, metavar="FILE", help="what has been dealt with (default: watch.json beside the artifacts)"
    )
    how.add_argument(
        "--out", type=Path, default=Path("evalmark-report"), metavar="DIR", help="artifacts (evalmark-report)"
    )


def run(args: argparse.Namespace) -> ExitCode:
    """Look once, or again and again; 3 if a pull request could not be dealt with."""
    if any(importlib.util.find_spec(part) is None for part in PARTS):
        raise MissingExtra("verify", "watch")
    code: ExitCode = importlib.import_module("evalmark.cli.watching").run(args)
    return code
