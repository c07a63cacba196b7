"""`evalmark migrate [DIR|OWNER/NAME]`: the scores in a model card become entries, where their benchmarks exist."""

import argparse
import importlib

from evalmark.cli.add.arguments import MODEL_REPO, about_scores, about_writing
from evalmark.errors import ExitCode


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    add = parser.add_argument
    add("model_repo", nargs="?", default=".", metavar="DIR|OWNER/NAME", help=MODEL_REPO)
    about_writing(parser)
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
    about_scores(parser.add_argument_group("what the scores are"))


def run(args: argparse.Namespace) -> ExitCode:
    """Read the card, find the benchmarks, show the change and what is not taken, write it."""
    code: ExitCode = importlib.import_module("evalmark.cli.migrate.migrating").run(args)
    return code
