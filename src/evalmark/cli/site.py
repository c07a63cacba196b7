"""`evalmark site build`: the dashboard as files, for a static Space on the Hub, GitHub Pages or any web server."""

import argparse
import importlib
import re
from pathlib import Path

from evalmark.cli.stored import add_store, need_board
from evalmark.errors import ExitCode

_CLAIMS = re.compile(r"disputed|verified|all|first:[0-9]{1,7}")
CLAIMS_HELP = (
    "which claims get a page of their own: those in a conflict (disputed), also those with a verdict (verified), also "
    "the first N rows of each board (first:N), or all; others are told of on their model's page (first:100)"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    build = actions.add_parser(
        "build",
        help="write the dashboard as files",
        description="Writes the dashboard as files that any web server can show, and replaces an earlier one as a "
        "whole. With the README.md that makes them a static Space on the Hub.",
    )
    add_store(build)
    build.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder to make or to replace")
    build.add_argument("--title", default="evalmark", metavar="TEXT", help="what the dashboard is called (evalmark)")
    build.add_argument(
        "--base-url", type=_address, metavar="URL", help="where it will stand, for canonical links and the 404 page"
    )
    build.add_argument(
        "--hub", type=_address, metavar="URL", help="the Hub that links lead to (https://huggingface.co)"
    )
    build.add_argument("--claims", type=_claims, default="first:100", metavar="WHICH", help=CLAIMS_HELP)


def run(args: argparse.Namespace) -> ExitCode:
    """Write the site, and say what was written."""
    need_board("site", "duckdb", "jinja2")
    code: ExitCode = importlib.import_module("evalmark.cli.site_building").run(args)
    return code


def _address(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s\"'<>?#]+", text):
        raise argparse.ArgumentTypeError(f"{text} is no address such as https://example.org/scores/")
    return text


def _claims(text: str) -> str:
    if not _CLAIMS.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text} is none of disputed, verified, all and first:N")
    return text
