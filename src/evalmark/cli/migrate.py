"""`evalmark migrate [DIR|OWNER/NAME]`: the scores in a model card become entries, where their benchmarks exist."""

import argparse
import importlib
from pathlib import Path

from evalmark.errors import ExitCode


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    add = parser.add_argument
    add(
        "model_repo",
        nargs="?",
        default=".",
        metavar="DIR|OWNER/NAME",
        help="the model repo: a folder (this one), or one on the Hub, whose entries are written to --out",
    )
    add("--out", type=Path, metavar="DIR", help="for a repo on the Hub: the folder to write to (its name)")
    add("--repo", metavar="OWNER/NAME", help="the repo's name on the Hub, for a folder without a git remote")
    add(
        "--map",
        action="append",
        default=[],
        metavar="NAME=OWNER/NAME[:TASK]",
        help="which benchmark, and perhaps task, a name of the card means",
    )
    add(
        "--take",
        action="append",
        default=[],
        type=int,
        metavar="LINE",
        help="take the row of a table on this line; without it, rows are only listed, or asked about on a terminal",
    )
    add("--metric", metavar="NAME", help="which of several metrics, or columns of a table, is the score")
    add("--result-unit", choices=("fraction", "percent"), help="what scores of at most 1 are, where it is not clear")
    add("--unit", choices=("fraction", "percent"), help="how the entries write them (default: as the leaderboard does)")
    add(
        "--benchmark",
        action="append",
        default=[],
        metavar="OWNER/NAME=DIR",
        help="a benchmark on this machine instead of the Hub",
    )
    add("--offline", action="store_true", help="do not ask the Hub: only benchmarks of this machine are known")
    add("--yes", action="store_true", help="take every proposal of the metadata without asking")
    add("--dry-run", action="store_true", help="only show what would be written")


def run(args: argparse.Namespace) -> ExitCode:
    """Read the card, find the benchmarks, show the change and what is not taken, write it."""
    code: ExitCode = importlib.import_module("evalmark.cli.migrating").run(args)
    return code
