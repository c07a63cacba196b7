"""`evalmark add LOG…`: the results of a finished evaluation become entries of a model repo."""

import argparse
import importlib
from pathlib import Path

from evalmark.errors import ExitCode


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    add = parser.add_argument
    add(
        "logs",
        nargs="+",
        metavar="LOG",
        help="results of Inspect, lm-eval, lighteval, HELM, mteb or every-eval-ever: a file or a folder",
    )
    add(
        "--model-repo",
        default=".",
        metavar="DIR|OWNER/NAME",
        help="the model repo: a folder (this one), or one on the Hub, whose entries are written to --out",
    )
    add("--out", type=Path, metavar="DIR", help="for a repo on the Hub: the folder to write to (its name)")
    add("--repo", metavar="OWNER/NAME", help="the repo's name on the Hub, for a folder without a git remote")
    add(
        "--only", action="append", default=[], metavar="TASK", help="of several results: this task, as the log names it"
    )
    add("--yes", action="store_true", help="take every proposal without asking")
    add("--dry-run", action="store_true", help="only show what would be written")
    add("--submit", action="store_true", help="then propose it on the Hub: evalmark submit with these logs")
    _about_the_result(parser)
    _about_the_entry(parser)


def _about_the_result(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what the result is about", "asked on a terminal if it is not known")
    add = group.add_argument
    add("--benchmark-id", metavar="OWNER/NAME", help="the benchmark on the Hub")
    add("--task-id", metavar="ID", help="the benchmark's task")
    add("--metric", metavar="NAME", help="which of the metrics is the score")
    add("--result-unit", choices=("fraction", "percent"), help="how the log writes half of all points: 0.5 or 50")
    add("--unit", choices=("fraction", "percent"), help="how the entry writes it (default: as the leaderboard does)")
    add("--same-model", action="store_true", help="the log names the model otherwise, but it is this repo's")
    add("--allow-partial", action="store_true", help="write a limited or failed run too; `notes` says what it is")
    add(
        "--benchmark",
        action="append",
        default=[],
        metavar="OWNER/NAME=DIR",
        help="a benchmark on this machine instead of the Hub",
    )
    add("--offline", action="store_true", help="do not ask the Hub; --benchmark-id and --task-id are taken as they are")


def _about_the_entry(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what the entry says besides")
    add = group.add_argument
    add(
        "--notes", metavar="TEXT", help='what tells the set-up from the usual one, such as "With tools"; "" for nothing'
    )
    add("--date", metavar="DAY", help="when it was measured, as 2026-01-31 (default: as the log says)")
    add("--revision", metavar="COMMIT", help="the benchmark's commit, 40 digits (default: as the log says)")
    add("--source-url", metavar="URL", help="a link to what supports the score")
    add("--source-name", metavar="TEXT", help="the words for that link")
    add("--source-org", metavar="NAME", help="the organisation on the Hub that reports it")
    add("--source-user", metavar="NAME", help="the person on the Hub who reports it")


def run(args: argparse.Namespace) -> ExitCode:
    """Read the results, find or ask what they are about, show the change, write it."""
    code: ExitCode = importlib.import_module("evalmark.cli.adding").run(args)
    return code
