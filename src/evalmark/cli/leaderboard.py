"""`evalmark leaderboard owner/name [task]`: a board from a store."""

import argparse
import importlib

from evalmark.cli.stored import add_store, need_board
from evalmark.errors import ExitCode

FORMATS = ("text", "markdown", "csv", "json")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("benchmark", metavar="OWNER/NAME", help="the benchmark's dataset repo")
    parser.add_argument("task", nargs="?", metavar="TASK", help="one of its tasks (default: all of them)")
    which = parser.add_argument_group("which claims")
    which.add_argument("--verified", action="store_true", help="only those that a rerun verified, not stale")
    which.add_argument("--signed", action="store_true", help="only those with a valid receipt of a trusted key")
    which.add_argument("--min-rung", metavar="RUNG", help="this rung of evidence or a higher one, such as sampled")
    which.add_argument("--author", metavar="OWNER", help="models of this owner")
    which.add_argument("--since", metavar="DATE", help="changed on this day or later: 2026-01-31")
    which.add_argument("--size", metavar="FROM-TO", help="parameters of the model: 1B-7B, -3B, 70B-")
    which.add_argument("--base-only", action="store_true", help="without models that were made from others")
    which.add_argument("--search", metavar="TEXT", help="models with this in their name")
    which.add_argument("--best", action="store_true", help="one row a model: its best that was not contradicted")
    how = parser.add_argument_group("how")
    how.add_argument("--sort", default="rank", metavar="BY", help="rank, score, model, date or evidence (rank)")
    how.add_argument("--page", default="1", metavar="N", help="page (1)")
    how.add_argument("--per-page", default="100", metavar="N", help="rows on a page (100)")
    how.add_argument("--format", choices=FORMATS, default="text", help="text")
    add_store(how)


def run(args: argparse.Namespace) -> ExitCode:
    """Print the board."""
    need_board("leaderboard")
    code: ExitCode = importlib.import_module("evalmark.cli.reading_store").leaderboard(args)
    return code
