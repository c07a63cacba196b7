"""`evalmark add LOG…`: the results of a finished evaluation become entries of a model repo."""

import argparse
import importlib

from evalmark.cli.add.arguments import MODEL_REPO, about_scores, about_writing
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
    add("--model-repo", default=".", metavar="DIR|OWNER/NAME", help=MODEL_REPO)
    add(
        "--only", action="append", default=[], metavar="TASK", help="of several results: this task, as the log names it"
    )
    about_writing(parser)
    add("--submit", action="store_true", help="then propose it on the Hub: evalmark submit with these logs")
    _about_the_result(parser)
    _about_the_entry(parser)


def _about_the_result(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what the result is about", "asked on a terminal if it is not known")
    add = group.add_argument
    add("--benchmark-id", metavar="OWNER/NAME", help="the benchmark on the Hub")
    add("--task-id", metavar="ID", help="the benchmark's task")
    about_scores(group)
    add("--same-model", action="store_true", help="the log names the model otherwise, but it is this repo's")
    add("--allow-partial", action="store_true", help="write a limited or failed run too; `notes` says what it is")


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
    code: ExitCode = importlib.import_module("evalmark.cli.add.adding").run(args)
    return code
