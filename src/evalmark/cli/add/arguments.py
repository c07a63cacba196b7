"""What `evalmark add` and `evalmark migrate` are both told: where to write, where the benchmarks are, in which unit."""

import argparse
from pathlib import Path

MODEL_REPO = "the model repo: a folder (this one), or one on the Hub, whose entries are written to --out"
_UNITS = ("fraction", "percent")


def about_writing(parser: argparse.ArgumentParser) -> None:
    """Where the entries go, and how much is asked."""
    add = parser.add_argument
    add("--out", type=Path, metavar="DIR", help="for a repo on the Hub: the folder to write to (its name)")
    add("--repo", metavar="OWNER/NAME", help="the repo's name on the Hub, for a folder without a git remote")
    add("--yes", action="store_true", help="take every proposal without asking")
    add("--dry-run", action="store_true", help="only show what would be written")


def about_scores(group: "argparse._ArgumentGroup") -> None:
    """What scores are and which benchmarks they are of, for all of them."""
    add = group.add_argument
    add("--metric", metavar="NAME", help="which of several metrics, or columns of a table, is the score")
    add("--result-unit", choices=_UNITS, help="how half of all points is written, where it is not clear: 0.5 or 50")
    add("--unit", choices=_UNITS, help="how the entries write it (default: as the leaderboard does)")
    add(
        "--benchmark",
        action="append",
        default=[],
        metavar="OWNER/NAME=DIR",
        help="a benchmark on this machine instead of the Hub",
    )
    add("--offline", action="store_true", help="do not ask the Hub; what it would say is given, or not known")
