"""What `evalmark migrate` does once its arguments are read."""

import argparse
import importlib.util
import sys
from dataclasses import dataclass

from evalmark.adapters.tree.reading import read_regular
from evalmark.authoring.matching import metric_named
from evalmark.authoring.proposal import drafted
from evalmark.cli import options
from evalmark.cli.add_choosing import Chooser, NotTaken, Places
from evalmark.cli.adding import changes_of, finish, shown, surroundings_of
from evalmark.cli.asking import Asker, Question
from evalmark.cli.model_repo import ModelRepo
from evalmark.cli.settings import read_settings
from evalmark.errors import ExitCode, MissingExtra, UsageProblem
from evalmark.formats.card import LARGEST_CARD
from evalmark.formats.writing import Draft
from evalmark.harness.model_index import TABLE, index_in, tables_in
from evalmark.harness.reader import NotReadable
from evalmark.harness.result import Result
from evalmark.report.escape import plain
from evalmark.report.table import aligned

CARD = "README.md"
# What the options of `evalmark add` are here: nothing is given for all results at once.
NOT_GIVEN = dict.fromkeys(
    (
        "notes", "date", "revision",
        "source_url", "source_name", "source_org", "source_user",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Left:
    """A score of the card that becomes no entry, and why."""

    where: str
    what: str
    why: str


def run(args: argparse.Namespace) -> ExitCode:
    """Read, choose, show, write; what is not taken is told with its reason."""
    settings, asker = read_settings(), Asker(yes=args.yes)
    known = _mapped(args.map)
    with surroundings_of(args, settings) as (places, repo):
        found = _results(repo, args)
        drafts, left = _decide(found, args, _Names(known, places, repo, asker))
    _tell(left)
    if not drafts:
        print("nothing to write")
        return ExitCode.FINE
    changes = changes_of(repo, drafts)
    colour = settings.colour and sys.stdout.isatty()
    for each in changes:
        print(shown(each, repo, colour=colour), end="")
    return finish(asker, repo, changes, settings, only_show=args.dry_run)


@dataclass(frozen=True, slots=True)
class _Names:
    """What is known of the card's names, and whom to ask."""

    known: dict[str, tuple[str, str | None]]
    places: Places
    repo: ModelRepo
    asker: Asker


def _mapped(given: list[str]) -> dict[str, tuple[str, str | None]]:
    """`--map` options: the card's name → benchmark and task. Raises `UsageProblem`."""
    known: dict[str, tuple[str, str | None]] = {}
    for option in given:
        name, equals, target = option.rpartition("=")
        if not equals or not name:
            raise UsageProblem(f"`--map {option}` names no benchmark", "write --map gsm8k=openai/gsm8k")
        benchmark, _, task = target.partition(":")
        known[name.casefold()] = options.repo_name(benchmark, "--map"), task or None
    return known


def _results(repo: ModelRepo, args: argparse.Namespace) -> tuple[Result, ...]:
    """All that the card reports. Raises `UsageProblem` if there is no card."""
    readme = repo.card if repo.card is not None else _read(repo)
    model = repo.name or "this/model"
    try:
        found = index_in(CARD, readme, model)
    except NotReadable as problem:
        print(f"{CARD}: {problem}; its tables are looked at all the same", file=sys.stderr)
        found = ()
    if importlib.util.find_spec("markdown_it") is None:
        if args.take:
            raise MissingExtra("hub", "migrate --take")
        return found
    from evalmark.adapters.markdown import tables_of  # noqa: PLC0415 - of an extra

    return (*found, *tables_in(CARD, tables_of(readme.decode("utf-8", "replace")), model))


def _read(repo: ModelRepo) -> bytes:
    card = repo.path(CARD)
    if not card.exists():
        raise UsageProblem(f"{repo.root} has no {CARD}, so there is no model card", "give the root of a model repo")
    content = read_regular(card, LARGEST_CARD)
    if len(content) > LARGEST_CARD:
        raise UsageProblem(f"{card} is larger than {LARGEST_CARD} bytes", "shorten it")
    return content


def _decide(found: tuple[Result, ...], args: argparse.Namespace, names: _Names) -> tuple[list[Draft], list[Left]]:
    drafts: list[Draft] = []
    left: list[Left] = []
    for result in found:
        try:
            if result.harness == TABLE:
                _is_wanted(result, args, names.asker)
            drafts.append(_draft(result, args, names))
        except (NotTaken, UsageProblem) as why:
            said = f"{why.message}; {why.advice}" if isinstance(why, UsageProblem) else str(why)
            best = result.metrics[0]
            left.append(Left(result.file, f"{result.task}: {best.name} = {best.value:g}", said))
    return drafts, left


def _is_wanted(result: Result, args: argparse.Namespace, asker: Asker) -> None:
    """A row of a table is never taken without a yes of its own."""
    line = int(result.file.rpartition(":")[2])
    if line in args.take:
        return
    if asker.terminal and not args.yes:
        values = ", ".join(f"{plain(each.name)} {each.value:g}" for each in result.metrics[:4])
        words = f"{result.file} has a row {plain(result.task)} ({values}). Is it a result to take"
        if asker.confirm(Question(words, "--take"), default=False):
            return
    raise NotTaken(f"a row of a table; --take {line} takes it")


def _draft(result: Result, args: argparse.Namespace, names: _Names) -> Draft:
    name = (result.dataset.id or result.task).casefold()
    benchmark, task = names.known.get(name) or names.known.get(result.task.casefold()) or (None, None)
    given = {**NOT_GIVEN, "same_model": True, "allow_partial": False, **vars(args)}
    metric = args.metric if args.metric and metric_named(result, args.metric) else None
    given |= {"benchmark_id": benchmark, "task_id": task, "metric": metric}
    chooser = Chooser(argparse.Namespace(**given), names.asker, names.places, None)
    return drafted(result, chooser.chosen(result, alone=False))


def _tell(left: list[Left]) -> None:
    if left:
        rows = [(plain(each.where, 40), plain(each.what, 50), plain(each.why, 160)) for each in left]
        print("not taken:", file=sys.stderr)
        for line in aligned(rows):
            print(f"    {line}", file=sys.stderr)
