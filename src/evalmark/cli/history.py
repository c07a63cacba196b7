"""`evalmark history TARGET`: what happened to scores, from a store or from a checkout."""

import argparse
import importlib
from pathlib import Path

from evalmark.cli.stored import add_store, need_board
from evalmark.errors import ExitCode


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument(
        "target", metavar="TARGET", help="a model or a benchmark in the store (owner/name), or a folder with its git"
    )
    parser.add_argument("--task", metavar="TASK", help="of a benchmark only this task")
    parser.add_argument("--kind", action="append", default=[], metavar="KIND", help="only such: amended, merged …")
    parser.add_argument("--since", metavar="DATE", help="on this day or later: 2026-01-31")
    parser.add_argument("--most", type=int, default=1000, metavar="N", help="at most the newest N (1000)")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text")
    add_store(parser)


def run(args: argparse.Namespace) -> ExitCode:
    """Print the events, oldest first."""
    if Path(args.target).is_dir():
        return _begin("evalmark.cli.blaming", args)
    need_board("history")
    return _begin("evalmark.cli.reading_store", args)


def _begin(module: str, args: argparse.Namespace) -> ExitCode:
    code: ExitCode = importlib.import_module(module).history(args)
    return code
