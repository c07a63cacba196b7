"""`evalmark init benchmark|model`: a new benchmark from a dataset, or a model repo with hooks and workflows."""

import argparse
import importlib
import importlib.util
from pathlib import Path

from evalmark.errors import ExitCode, MissingExtra

PARTS = ("inspect_ai", "datasets", "huggingface_hub", "rich")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    benchmark = actions.add_parser(
        "benchmark",
        help="make a dataset a benchmark: its eval.yaml, five samples tried, the request for the Hub's shortlist",
        description="Looks at a dataset, asks what it does not know (each question has a default, and an option that "
        "answers it), writes eval.yaml, .evalmark.toml and .pre-commit-config.yaml, tries five samples with a model "
        "through an embedded Hub, and ends with the request for the Hub's shortlist. Nothing is pushed.",
    )
    _of_benchmark(benchmark)
    model = actions.add_parser(
        "model",
        help="put the hooks and workflows that check scores into a model repo",
        description="Writes .pre-commit-config.yaml and GitHub workflows into a model repo. What is there stays.",
    )
    _of_model(model)


def _of_benchmark(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "dataset",
        nargs="?",
        default=".",
        metavar="DIR|OWNER/NAME",
        help="a folder with a dataset (this one), or a dataset on the Hub",
    )
    add(
        "--out",
        type=Path,
        metavar="DIR",
        help="where the files go (the dataset's folder; ./NAME for one on the Hub)",
    )
    add("--yes", action="store_true", help="take the default of every question, and replace an eval.yaml that is there")
    about = parser.add_argument_group("the benchmark")
    about.add_argument("--repo", metavar="OWNER/NAME", help="the dataset's name on the Hub")
    for name, what in (
        ("--name", "the name to show"),
        ("--description", "what it measures"),
        ("--task-id", "the leaderboard's id"),
    ):
        about.add_argument(name, metavar="TEXT", help=what)
    about.add_argument(
        "--unit", choices=("percent", "fraction"), default="percent", help="how scores are written (percent)"
    )
    data = parser.add_argument_group("the data")
    data.add_argument("--config", metavar="NAME", help="the dataset's config")
    data.add_argument("--split", metavar="NAME", help="its split")
    data.add_argument("--input", metavar="COLUMN", help="the column with the question")
    data.add_argument("--target", metavar="COLUMN", help="the column with the right answer, or literal:X")
    data.add_argument(
        "--choices", metavar="COLUMN[,COLUMN…]", help="the column(s) with the choices, or none for free text"
    )
    data.add_argument("--context", metavar="COLUMN", help="the column with a text that the question is about, or none")
    data.add_argument("--image", metavar="COLUMN", help="the column with images as data URIs, or none")
    how = parser.add_argument_group("how it is run")
    how.add_argument("--scorer", metavar="NAME", help="how answers are scored")
    how.add_argument("--judge", metavar="MODEL", help="the model that judges, if the scorer is one")
    how.add_argument("--max-tokens", type=int, metavar="N", help="most tokens of one answer (1024)")
    trial = parser.add_argument_group("the trial run")
    trial.add_argument("--model", metavar="MODEL", help="as Inspect names it, or none")
    trial.add_argument("--model-base-url", metavar="URL", help="where the model is served")
    trial.add_argument(
        "--model-arg", action="append", default=[], metavar="NAME=VALUE", help="for the model's provider"
    )
    trial.add_argument("--samples", type=int, default=5, metavar="N", help="how many samples run (5)")
    trial.add_argument("--no-run", action="store_true", help="run nothing")
    request = parser.add_argument_group("the request")
    request.add_argument("--licence", metavar="TEXT", help="the dataset's licence (from its README.md)")
    request.add_argument("--contact", metavar="TEXT", help="whom the Hub's people may ask")
    request.add_argument("--link", metavar="URL", help="the paper, code or leaderboard")


def _of_model(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("folder", type=Path, nargs="?", default=Path(), metavar="DIR", help="the root of a model repo (this folder)")
    add("--repo", metavar="OWNER/NAME", help="the model's name on the Hub")
    add("--verify", choices=("none", "manual", "trusted", "signed"), help="a workflow that reruns scores, besides")
    add("--model", metavar="MODEL", help="what that workflow runs, as Inspect names it")
    add("--model-base-url", metavar="URL", help="where the model is served")
    add("--benchmarks", metavar="OWNER/NAME[,…]", help="the benchmarks that it may run")
    add("--yes", action="store_true", help="take the default of every question")


def run(args: argparse.Namespace) -> ExitCode:
    """Ask, write, try."""
    module = f"evalmark.cli.init.{args.action}"
    if args.action == "benchmark" and any(importlib.util.find_spec(part) is None for part in PARTS):
        raise MissingExtra("verify", "init benchmark")
    code: ExitCode = importlib.import_module(module).run(args)
    return code
