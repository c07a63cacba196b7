"""What `evalmark migrate` reads: the model card, and options that speak of what stands in it."""

import argparse
import importlib.util
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from evalmark.adapters.tree.reading import read_regular
from evalmark.cli import options
from evalmark.cli.model_repo import ModelRepo, is_hub_name
from evalmark.errors import MissingExtra, UsageProblem
from evalmark.formats.card import LARGEST_CARD
from evalmark.harness.card_tables import TABLE, tables_in
from evalmark.harness.model_index import CardIndex, index_in
from evalmark.harness.reader import NotReadable
from evalmark.harness.result import Result
from evalmark.report.escape import plain

CARD = "README.md"

Meant: TypeAlias = Mapping[str, tuple[str, str | None]]
"""A name of the card, in small letters → the benchmark, and perhaps the task, that it means."""


@dataclass(frozen=True, slots=True)
class Left:
    """A score of the card that becomes no entry, and why."""

    where: str
    what: str
    why: str


def mapped(given: list[str]) -> Meant:
    """`--map` options: the card's name → benchmark and task. Raises `UsageProblem`."""
    known: dict[str, tuple[str, str | None]] = {}
    for option in given:
        name, equals, target = option.rpartition("=")
        if not equals or not name:
            raise UsageProblem(f"`--map {option}` names no benchmark", "write --map gsm8k=openai/gsm8k")
        benchmark, _, task = target.partition(":")
        known[name.casefold()] = options.repo_name(benchmark, "--map"), task or None
    return known


def read_card(repo: ModelRepo, args: argparse.Namespace) -> tuple[tuple[Result, ...], list[Left]]:
    """All that the card reports, and what cannot be a score. Raises `UsageProblem` if there is no card."""
    readme = repo.card if repo.card is not None else _read(repo, args)
    model = repo.name or repo.root.resolve().name
    try:
        index = index_in(CARD, readme, model)
    except NotReadable as problem:
        print(f"{CARD}: {problem}; its tables are looked at all the same", file=sys.stderr)
        index = CardIndex()
    left = [Left(f"{CARD}:{each.line}", each.what, each.why) for each in index.unusable]
    if importlib.util.find_spec("markdown_it") is None:
        if args.take:
            raise MissingExtra("hub", "migrate --take")
        print(f"the tables of {CARD} are not looked at: that needs pip install 'evalmark[hub]'", file=sys.stderr)
        return index.results, left
    from evalmark.adapters.markdown import tables_of  # noqa: PLC0415 - of an extra

    return (*index.results, *tables_in(CARD, tables_of(readme.decode("utf-8", "replace")), model)), left


def _read(repo: ModelRepo, args: argparse.Namespace) -> bytes:
    card = repo.path(CARD)
    if is_hub_name(args.model_repo) or not (card.exists() or card.is_symlink()):
        where = args.model_repo if is_hub_name(args.model_repo) else repo.root
        raise UsageProblem(f"{where} has no {CARD}, so there is no model card", "give the root of a model repo")
    content = read_regular(card, LARGEST_CARD)
    if len(content) > LARGEST_CARD:
        raise UsageProblem(f"{card} is larger than {LARGEST_CARD} bytes", "shorten it")
    return content


def are_there(found: tuple[Result, ...], known: Meant, args: argparse.Namespace) -> None:
    """What the options name is in the card, or nothing that was asked for would happen. Raises `UsageProblem`."""
    names = {name.casefold() for each in found for name in (each.dataset.id, each.task) if name}
    for name in known:
        if name not in names:
            raise UsageProblem(
                f"{CARD} reports nothing of the name `{plain(name)}`", "run it without --map to see its names"
            )
    lines = {line_of(each) for each in found if each.harness == TABLE}
    for line in args.take:
        if line not in lines:
            raise UsageProblem(
                f"line {line} of {CARD} is no row of a table with scores", "run it without --take to see them"
            )


def line_of(result: Result) -> int:
    return int(result.file.rpartition(":")[2])
