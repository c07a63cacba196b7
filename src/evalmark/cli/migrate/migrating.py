"""What `evalmark migrate` does once its arguments are read."""

import argparse
import shlex
import sys
from dataclasses import dataclass, field

from evalmark.authoring.matching import benchmarks_like, metric_named
from evalmark.authoring.proposal import change, drafted
from evalmark.cli.add.adding import changes_of, finish, shown, surroundings_of
from evalmark.cli.add.choosing import Chooser, NotTaken, Places
from evalmark.cli.asking import Asker, Question
from evalmark.cli.migrate.card import Left, Meant, are_there, line_of, mapped, read_card
from evalmark.cli.settings import read_settings
from evalmark.errors import ExitCode, UsageProblem
from evalmark.facts import BenchmarkMissing, BenchmarkRef
from evalmark.formats.digits import same_score
from evalmark.formats.writing import Draft, NotEditable
from evalmark.harness.card_tables import TABLE
from evalmark.harness.result import Result
from evalmark.ports import BenchmarkFiles, Benchmarks
from evalmark.report.escape import plain
from evalmark.report.table import aligned

# What the options of `evalmark add` are here: nothing is given for all results at once.
NOT_GIVEN = dict.fromkeys(
    (
        "notes", "date", "revision", "result_unit",
        "source_url", "source_name", "source_org", "source_user",
    )
)  # fmt: skip
SHOWN_METRICS = 4


def run(args: argparse.Namespace) -> ExitCode:
    """Read, choose, show, write; what is not taken is told with its reason."""
    settings, asker = read_settings(), Asker(yes=args.yes)
    known = mapped(args.map)
    with surroundings_of(args, settings) as (places, repo):
        found, left = read_card(repo, args)
        are_there(found, known, args)
        names = _Names(known, _once(places), asker)
        drafts = _decide(found, args, names, _Taken(dict(repo.files), left))
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

    known: Meant
    places: Places
    asker: Asker

    def meant(self, result: Result) -> tuple[str, str | None] | None:
        """The benchmark, and perhaps task, that `--map` says a result is of."""
        return self.known.get((result.dataset.id or "").casefold()) or self.known.get(result.task.casefold())


@dataclass(frozen=True, slots=True)
class _Taken:
    """The results files with all that is taken until now, and what is not."""

    files: dict[str, bytes]
    left: list[Left]
    drafts: list[Draft] = field(default_factory=list)

    def take(self, draft: Draft) -> None:
        """Add an entry that is new: what stands in a file was told later than the card. Raises `NotTaken`."""
        try:
            one = change(self.files, draft)
        except NotEditable as problem:
            raise NotTaken(f"{problem}; mend it by hand, then run the same command again") from problem
        if one.kind == "nothing" or (one.was is not None and same_score(one.was, draft.digits)):
            raise NotTaken(f"the score is reported already, in {one.path}")
        if one.was is not None:
            raise NotTaken(f"{one.path} says {one.was} for the same set-up, which a card does not change")
        self.files[one.path] = one.after
        self.drafts.append(draft)


@dataclass(frozen=True, slots=True)
class _Once:
    """Benchmarks that are looked up once each, however many results are of them."""

    benchmarks: Benchmarks
    found: dict[BenchmarkRef, BenchmarkFiles | BenchmarkMissing] = field(default_factory=dict)

    def benchmark(self, ref: BenchmarkRef) -> BenchmarkFiles | BenchmarkMissing:
        """Read one of them."""
        if ref not in self.found:
            self.found[ref] = self.benchmarks.benchmark(ref)
        return self.found[ref]


def _once(places: Places) -> Places:
    """The same, asked once. Raises `CouldNotFinish` at once if the Hub does not answer."""
    if places.benchmarks is None:
        return places
    known = places.known()
    return Places(_Once(places.benchmarks), places.boards, lambda: known)


def _decide(found: tuple[Result, ...], args: argparse.Namespace, names: _Names, taken: _Taken) -> list[Draft]:
    """Take what can be taken; the rest is left, each with why."""
    for result in found:
        try:
            if result.harness == TABLE:
                _is_wanted(result, args, names)
            taken.take(_draft(result, args, names))
        except (NotTaken, UsageProblem) as why:
            said = f"{why.message}; {why.advice}" if isinstance(why, UsageProblem) else str(why)
            taken.left.append(Left(result.file, f"{result.task}: {_values(result)}", _as_here(said, result)))
    return taken.drafts


def _values(result: Result) -> str:
    return ", ".join(f"{plain(each.name, 30)} = {each.value:g}" for each in result.metrics[:SHOWN_METRICS])


def _as_here(said: str, result: Result) -> str:
    """What `evalmark add` says of its options, in those of this command."""
    option = _map_of(result.dataset.id or result.task)
    said = said.removeprefix(f"{plain(result.task)}: ")
    return said.replace("--benchmark-id", option).replace("--task-id", f"{option}:TASK")


def _map_of(name: str, benchmark: str = "OWNER/NAME") -> str:
    return f"--map {shlex.quote(plain(name))}={benchmark}"


def _is_wanted(result: Result, args: argparse.Namespace, names: _Names) -> None:
    """A row of a table is never taken without a yes of its own, and asked about only if a benchmark is like it."""
    line = line_of(result)
    if line in args.take:
        return
    may_be = names.meant(result) is not None or benchmarks_like(result, names.places.known())
    if may_be and names.asker.terminal and not args.yes:
        words = f"{result.file} has a row {plain(result.task)} ({_values(result)}). Is it a result to take"
        if names.asker.confirm(Question(words, "--take"), default=False):
            return
    option = "" if may_be else f" with {_map_of(result.task)}"
    raise NotTaken(f"a row of a table; --take {line}{option} takes it")


def _draft(result: Result, args: argparse.Namespace, names: _Names) -> Draft:
    benchmark, task = names.meant(result) or (None, None)
    if benchmark is None:
        _has_whole_name(result, names)
    metric = args.metric if args.metric and metric_named(result, args.metric) else None
    given = {**vars(args), **NOT_GIVEN, "same_model": True, "allow_partial": False}
    given |= {"benchmark_id": benchmark, "task_id": task, "metric": metric}
    chooser = Chooser(argparse.Namespace(**given), names.asker, names.places, None)
    told = _in_units(result, args)
    return drafted(told, chooser.chosen(told, alone=False))


def _has_whole_name(result: Result, names: _Names) -> None:
    """Without a terminal only what names its benchmark wholly is taken: `gsm8k` may be anybody's."""
    dataset_id = result.dataset.id or ""
    if "/" in dataset_id or names.asker.terminal:
        return
    name = dataset_id or result.task
    likely = benchmarks_like(result, names.places.known())
    option = f"if it is {likely[0]}: {_map_of(name, likely[0])}" if likely else f"say which with {_map_of(name)}"
    raise NotTaken(f"`{plain(name)}` is no whole name; {option}")


def _in_units(result: Result, args: argparse.Namespace) -> Result:
    """With `--result-unit` for what may be either: a card may have `0.57` here and `57.1` there."""
    metrics = [
        each.model_copy(update={"unit": args.result_unit}) if each.unit is None and 0 <= each.value <= 1 else each
        for each in result.metrics
    ]
    return result.model_copy(update={"metrics": tuple(metrics)})


def _tell(left: list[Left]) -> None:
    if left:
        in_order = sorted(left, key=lambda each: int(each.where.rpartition(":")[2]))
        rows = [(plain(each.where, 40), plain(each.what, 60), plain(each.why, 200)) for each in in_order]
        print("not taken:", file=sys.stderr)
        for line in aligned(rows):
            print(f"    {line}", file=sys.stderr)
