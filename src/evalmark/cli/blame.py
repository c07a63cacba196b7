"""`evalmark blame FILE`: who gave each entry of a results file its score, and when."""

import argparse
import importlib
from pathlib import Path

from evalmark.errors import ExitCode


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a .eval_results/*.yaml file in a git checkout")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text")


def run(args: argparse.Namespace) -> ExitCode:
    """Print each entry and its events, the newest first."""
    code: ExitCode = importlib.import_module("evalmark.cli.blaming").blame(args)
    return code
