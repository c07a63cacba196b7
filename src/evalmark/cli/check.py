"""`evalmark check [PATH…]`: what is wrong in a model repo's or a benchmark's files."""

import argparse
import sys
from pathlib import Path

from evalmark.adapters.tree import checkable_files
from evalmark.cli.settings import read_settings
from evalmark.errors import ExitCode
from evalmark.finding import Severity
from evalmark.flows.check import check
from evalmark.report.text import findings_as_text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument(
        "paths",
        nargs="*",
        default=["."],
        metavar="PATH",
        help="files, or folders with .eval_results/*.yaml, eval.yaml or .evalmark.toml (default: this folder)",
    )


def run(args: argparse.Namespace) -> ExitCode:
    """Print every finding; an error makes the exit code 1."""
    colour = sys.stdout.isatty() and read_settings().colour
    findings = check(checkable_files([Path(path) for path in args.paths]))
    print(findings_as_text(findings, colour=colour), end="")
    return ExitCode.FOUND if any(finding.severity is Severity.ERROR for finding in findings) else ExitCode.FINE
