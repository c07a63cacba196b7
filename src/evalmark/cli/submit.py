"""`evalmark submit FOLDER`: propose the scores of a folder to a model on the Hub, by a pull request of yours."""

import argparse
import importlib
import importlib.util
from pathlib import Path

from evalmark.errors import ExitCode, MissingExtra


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
    add("--withdraw", type=int, metavar="N", help="close pull request N of yours instead")
    add("--comment", default="Withdrawn by its author.", help="why it is withdrawn")
    add("--dry-run", action="store_true", help="say what would be done, and do nothing")


def run(args: argparse.Namespace) -> ExitCode:
    """Check the files, then open a pull request, or go on with the one that is open."""
    if importlib.util.find_spec("huggingface_hub") is None:
        raise MissingExtra("hub", "submit")
    code: ExitCode = importlib.import_module("evalmark.cli.submitting").run(args)
    return code
