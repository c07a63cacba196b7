"""`evalmark card [README]`: results and badges in the README of a model or a benchmark."""

import argparse
import importlib
from pathlib import Path

from evalmark.cli.stored import add_store, need_board
from evalmark.errors import ExitCode


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    add = parser.add_argument
    add("folder", type=Path, nargs="?", default=Path(), metavar="DIR", help="the repo with the README.md (this)")
    add("--repo", metavar="OWNER/NAME", help="the model or benchmark (default: from the folder's git remote)")
    add("--task", metavar="TASK", help="of a benchmark only this task")
    add("--rows", type=int, default=10, metavar="N", help="rows of a benchmark's board (10)")
    add("--site", metavar="URL", help="address of a dashboard that the results link to")
    add("--no-badges", action="store_true", help="no pictures in .evalmark/badges")
    add("--dry-run", action="store_true", help="print what would stand in the README, and write nothing")
    add("--check", action="store_true", help="exit with 1 if the README is not up to date, and write nothing")
    add_store(parser)


def run(args: argparse.Namespace) -> ExitCode:
    """Write the README."""
    need_board("card")
    code: ExitCode = importlib.import_module("evalmark.cli.carding").run(args)
    return code
