"""`evalmark doctor [DIR|owner/name]`: is this model repo or benchmark ready? Each line has its fix."""

import argparse
import importlib

from evalmark.errors import ExitCode


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    add = parser.add_argument
    add(
        "target",
        nargs="?",
        default=".",
        metavar="DIR|OWNER/NAME",
        help="the root of a model repo or of a benchmark (this folder), or one on the Hub",
    )
    add("--online", action="store_true", help="ask the Hub too: benchmarks, your token's rights, the shortlist")
    add("--benchmark", action="append", default=[], metavar="OWNER/NAME=DIR", help="a benchmark on this machine")
    add("--repo", metavar="OWNER/NAME", help="the folder's name on the Hub (default: from its git remote)")
    add("--format", choices=("text", "json"), default="text", help="what is printed (text)")


def run(args: argparse.Namespace) -> ExitCode:
    """Look, and print. 1 if something must be fixed."""
    code: ExitCode = importlib.import_module("evalmark.cli.doctor.looking").run(args)
    return code
