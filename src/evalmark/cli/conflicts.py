"""`evalmark conflicts`: where reports disagree."""

import argparse
import importlib

from evalmark.cli.stored import add_store, need_board
from evalmark.errors import ExitCode


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("target", nargs="?", metavar="OWNER/NAME", help="of this model or benchmark (default: all)")
    parser.add_argument("--kind", action="append", default=[], metavar="KIND", help="contradicted, different-values …")
    parser.add_argument("--most", type=int, default=1000, metavar="N", help="at most N (1000)")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text")
    parser.add_argument("--fail", action="store_true", help="exit with 1 if there are any")
    add_store(parser)


def run(args: argparse.Namespace) -> ExitCode:
    """Print the conflicts."""
    need_board("conflicts")
    code: ExitCode = importlib.import_module("evalmark.cli.reading_store").conflicts(args)
    return code
