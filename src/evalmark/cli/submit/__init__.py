"""`evalmark submit FOLDER`: propose the scores of a folder to a model on the Hub, by a pull request of yours."""

import argparse
import importlib
import importlib.util
import re
from pathlib import Path

from evalmark.errors import ExitCode, MissingExtra, UsageProblem
from evalmark.report.escape import plain

ADDRESS = re.compile(r"https?://\S+")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    add = parser.add_argument
    add(
        "folder",
        type=Path,
        nargs="?",
        default=Path(),
        metavar="FOLDER",
        help="it holds .eval_results/*.yaml (this one)",
    )
    add("--repo", metavar="OWNER/NAME", help="the model on the Hub (default: from the folder's git remote)")
    add("--title", help="the pull request's title (default: says which benchmarks)")
    add("--description", default="", help="what it says besides")
    add("--contradict", action="store_true", help="propose a score that differs from what main or others report")
    add("--again", action="store_true", help="propose what somebody closed your pull request on the Hub for")
    add("--withdraw", type=int, metavar="N", help="close pull request N of yours instead")
    add("--comment", default="Withdrawn by its author.", help="why it is withdrawn")
    add("--dry-run", action="store_true", help="say what would be done, and do nothing")
    add("--yes", action="store_true", help="do it without asking")
    _about_logs(parser)
    other = parser.add_argument_group("other ways")
    other.add_argument(
        "--branch",
        nargs="?",
        const="",
        metavar="NAME",
        help="for a repo on GitHub: push a branch with the scores to the remote `origin` instead",
    )
    other.add_argument("--batch", type=Path, metavar="FILE", help="many models: one JSON object a line, see the docs")


def _about_logs(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("logs that support the scores").add_argument
    add("--log", action="append", default=[], metavar="LOG", help="upload it, and link it in the entries it supports")
    add("--log-repo", metavar="OWNER/NAME", help="the dataset for the logs (yours: <you>/<model>-eval-logs)")
    add("--log-private", action="store_true", help="make that dataset private, if it is made now")
    add("--log-space", metavar="OWNER/NAME", help="show the Inspect logs in this static Space as well")
    add("--log-url", metavar="URL", help="link this address instead, for logs that are on the web already")


def run(args: argparse.Namespace) -> ExitCode:
    """Check the files, then open a pull request, or go on with the one that is open."""
    if args.branch is None and importlib.util.find_spec("huggingface_hub") is None:
        raise MissingExtra("hub", "submit")
    if args.log_url and args.log:
        raise UsageProblem("--log uploads and --log-url does not", "give one of them")
    if args.log_space and not args.log:
        raise UsageProblem("--log-space shows logs, and none is given", "give them with --log")
    if args.log_url and not ADDRESS.fullmatch(args.log_url):
        raise UsageProblem(f"`--log-url {plain(args.log_url)}` is no address", "begin it with https://")
    module = "batch" if args.batch else "submitting" if args.branch is None else "branch"
    code: ExitCode = importlib.import_module(f"evalmark.cli.submit.{module}").run(args)
    return code
