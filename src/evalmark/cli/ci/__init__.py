"""`evalmark ci validate|rerun|report|auto`: what the GitHub Action calls, each mode with rights of its own."""

import argparse

from evalmark.errors import ExitCode

MODES = ("auto", "validate", "rerun", "report")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Only the mode: all else is told by the action's inputs, in variables EVALMARK_INPUT_…, and by the runner."""
    parser.add_argument("mode", choices=MODES, help="auto: validate, or with a model rerun and then report")


def run(args: argparse.Namespace) -> ExitCode:
    """Do what the mode says."""
    from evalmark.cli.ci.modes import run_mode  # noqa: PLC0415 - `--help` must not wait for the rules

    return run_mode(args.mode)
