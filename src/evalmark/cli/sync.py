"""`evalmark sync`: collect claims, their history and verdicts into a store."""

import argparse
import importlib
from pathlib import Path

from evalmark.cli.receipt import KEYS
from evalmark.cli.stored import add_store, need_board
from evalmark.errors import ExitCode

MOST_THREADS = 32


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.epilog = "Without a target all repos that the store has are looked at again. HF_TOKEN and GITHUB_TOKEN help."
    what = parser.add_argument_group("what to collect")
    what.add_argument(
        "targets",
        nargs="*",
        metavar="TARGET",
        help="a model on the Hub (owner/name), or a folder (DIR or DIR=owner/name): a checkout, or files",
    )
    what.add_argument("--author", action="append", default=[], metavar="OWNER", help="all models of a person or org")
    what.add_argument(
        "--on-board", action="append", default=[], metavar="OWNER/NAME", help="all models on a benchmark's leaderboard"
    )
    what.add_argument(
        "--search", action="append", default=[], metavar="TEXT", help="models that the Hub's search finds"
    )
    what.add_argument("--most", type=int, default=1000, metavar="N", help="of a search at most so many models (1000)")
    what.add_argument("--list", action="append", default=[], type=Path, metavar="FILE", help="models, one a line")
    what.add_argument(
        "--github",
        action="append",
        default=[],
        metavar="OWNER/REPO[=MODEL]",
        help="a repo on GitHub, and the model that its scores are about (default: the same name)",
    )
    what.add_argument(
        "--verdicts",
        action="append",
        default=[],
        type=Path,
        metavar="PATH",
        help="verdict.json, or a folder to look for such files in",
    )
    what.add_argument(
        "--verified-by", default="", metavar="NAME", help="who gave these verdicts (default: their folder)"
    )
    what.add_argument(
        "--receipts",
        action="append",
        default=[],
        metavar="PATH|OWNER/NAME",
        help="signed receipts beside those in the repos: a folder, or a dataset on the Hub",
    )
    what.add_argument(
        "--keys",
        action="append",
        default=[],
        metavar="FILE|DIR|OWNER/NAME",
        help=f"{KEYS} on the Hub; a benchmark's own keys are always trusted, for claims on it",
    )
    what.add_argument(
        "--benchmark",
        action="append",
        default=[],
        metavar="OWNER/NAME=DIR",
        help="a benchmark of this machine",
    )
    how = parser.add_argument_group("how")
    add_store(how)
    how.add_argument("--threads", type=_threads, default=4, metavar="N", help="repos at a time (4)")
    how.add_argument("--everything", action="store_true", help="also repos where nothing has happened")
    how.add_argument("--no-leaderboards", action="store_true", help="do not ask for the Hub's own leaderboards")
    how.add_argument("--push", metavar="OWNER/NAME", help="then put the store as Parquet into a dataset on the Hub")
    how.add_argument("--quiet", action="store_true", help="no progress bar")


def run(args: argparse.Namespace) -> ExitCode:
    """Collect; 3 if a repo could not be collected."""
    need_board("sync", "duckdb", "huggingface_hub", "tqdm")
    code: ExitCode = importlib.import_module("evalmark.cli.syncing").run(args)
    return code


def _threads(text: str) -> int:
    number = int(text)
    if not 1 <= number <= MOST_THREADS:
        raise argparse.ArgumentTypeError(f"{text} is not from 1 to {MOST_THREADS}")
    return number
