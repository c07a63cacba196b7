"""`evalmark`: choose a command, run it, turn what went wrong into one sentence and an exit code."""

import argparse
import contextlib
import importlib
import os
import signal
import sys
import traceback
from types import FrameType, ModuleType

from evalmark import __version__
from evalmark.errors import BugInEvalmark, EvalmarkError, ExitCode, Interrupted
from evalmark.report.escape import visible

# name → what it does. A command's module is imported only when it is chosen.
COMMANDS = {
    "check": "rules on .eval_results/*.yaml and eval.yaml",
    "init": "a new benchmark from a dataset, or hooks and workflows in a model repo",
    "doctor": "is a model repo or a benchmark ready: each line with its fix",
    "verify": "rerun the benchmark for every claimed score, and judge",
    "judge": "a claim against scores from any harness",
    "add": "the results of a finished evaluation become entries of a model repo",
    "migrate": "the scores of a model card's metadata and tables become entries",
    "submit": "propose scores to a model on the Hub by a pull request",
    "watch": "answer the open pull requests of models on the Hub",
    "serve": "show a store to anybody, by API and dashboard; take the Hub's webhooks, verify, answer",
    "sync": "collect scores, their history and verdicts into a store",
    "leaderboard": "the board of a benchmark: ranks, evidence, verdicts",
    "history": "what happened to the scores of a model or a benchmark",
    "blame": "who gave each entry of a file its score, and when",
    "conflicts": "where reports disagree",
    "receipt": "signed verdicts that anyone can check",
    "card": "results and badges in the README of a model or a benchmark",
    "site": "the dashboard as files, for a static Space, GitHub Pages or any web server",
    "store": "a store to and from Parquet, and what is in it",
    "ci": "what the GitHub Action calls, in a workflow",
    "localhub": "an embedded Hub, for trying a benchmark before it is pushed",
}


def entry() -> None:
    """The console script."""
    code = main(sys.argv[1:])
    if sys.argv[1:2] == ["check"]:
        _leave_at_once(code)
    sys.exit(code)


def _leave_at_once(code: int) -> None:
    """End without taking every module apart, which takes a tenth of the time of a short check. It holds nothing open.

    What cannot be printed any more is left to Python's own end, which knows what to say.
    """
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def main(argv: list[str]) -> int:
    """Run one command line and return its exit code. No exception leaves it but argparse's own exit."""
    signal.signal(signal.SIGTERM, _as_interrupt)
    try:
        return _run(argv)
    except EvalmarkError as error:
        return _said(error)
    except KeyboardInterrupt:
        return _said(Interrupted("stopped", "run the same command to start again"))
    except BrokenPipeError:
        sys.stderr.close()
        return ExitCode.FINE
    except Exception as error:  # noqa: BLE001 - a user never sees a traceback
        return _said(_bug(error))


def _run(argv: list[str]) -> int:
    chosen = argv[0] if argv else ""
    parser = argparse.ArgumentParser(prog="evalmark", description="Proof for reported benchmark scores.")
    version = f"evalmark {__version__}"
    parser.add_argument("--version", action="version", version=version)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    modules: dict[str, ModuleType] = {}
    for name, what in COMMANDS.items():
        command = commands.add_parser(name, help=what, description=f"{what[0].upper()}{what[1:]}.")
        command.add_argument("--version", action="version", version=version)
        if name == chosen:
            modules[name] = importlib.import_module(f"evalmark.cli.{name}")
            modules[name].add_arguments(command)
    rest = argv.index("--") if "--" in argv else len(argv)
    args = parser.parse_args(argv[:rest])
    args.options_after_dashes = argv[rest + 1 :]
    return int(modules[args.command].run(args))


def _said(error: EvalmarkError) -> int:
    # A message may quote a name from somebody's file, wherever it was made.
    print(visible(f"evalmark: {error.message}\n    {error.advice}"), file=sys.stderr)
    return error.exit_code


def _bug(error: Exception) -> BugInEvalmark:
    place = traceback.extract_tb(error.__traceback__)[-1]
    return BugInEvalmark(
        f"a bug in evalmark: {type(error).__name__}: {error} ({place.name}, line {place.lineno})",
        "please report it with the command that you ran",
    )


def _as_interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
