"""`evalmark check [PATH…]`: what is wrong in a model repo's or a benchmark's files, and the edits that mend it."""

import argparse

from evalmark.cli.settings import without_pydantic_plugins
from evalmark.errors import ExitCode

FORMATS = ("text", "json", "github", "sarif")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    add = parser.add_argument
    add(
        "paths",
        nargs="*",
        default=["."],
        metavar="PATH",
        help="files; folders of a model repo or a benchmark (default: this folder); a model repo on the Hub as "
        "owner/name, owner/name@REVISION or owner/name#PULL_REQUEST; or - for standard input",
    )
    add("--format", choices=FORMATS, default="text", help="what is printed (text)")
    add("--select", action="append", default=[], metavar="RULE", help="tell about this rule only")
    add("--ignore", action="append", default=[], metavar="RULE", help="do not tell about this rule")
    add("--strict", action="store_true", help="exit 1 for a warning as well")
    add("--fix", action="store_true", help="mend what has one right answer")
    add("--diff", action="store_true", help="only show what --fix would change; exit 1 if there is something")
    add("--explain", metavar="RULE", help="print the page of a rule")
    add("--stdin-name", default=".eval_results/stdin.yaml", metavar="PATH", help="what standard input stands for")
    facts = parser.add_argument_group("facts", "rules that look the benchmarks up")
    facts.add_argument("--online", action="store_true", help="ask the Hub (needs the extra hub)")
    facts.add_argument(
        "--benchmark", action="append", default=[], metavar="OWNER/NAME=DIR", help="a benchmark on this machine"
    )
    facts.add_argument("--repo", metavar="OWNER/NAME", help="the model repo's name (default: from its git remote)")
    facts.add_argument("--lock", metavar="FILE", help="with --online: write what the Hub says; without: read it here")


def run(args: argparse.Namespace) -> ExitCode:
    """Check, mend if asked, print; an error makes the exit code 1, with --strict a warning too."""
    without_pydantic_plugins()
    from evalmark.cli.check.checking import run as check  # noqa: PLC0415 - `--help` must not wait for the rules

    return check(args)
