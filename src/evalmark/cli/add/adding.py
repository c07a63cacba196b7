"""What `evalmark add` does once its arguments are read."""

import argparse
import contextlib
import difflib
import importlib.util
import shlex
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from evalmark.authoring.proposal import Change, change, drafted
from evalmark.cli import options
from evalmark.cli.add.choosing import Chooser, NotTaken, Places
from evalmark.cli.add.reading import ReadResults, inspect_logs, results_of
from evalmark.cli.add.submitting import ready_to_submit, submit_added
from evalmark.cli.asking import NOTHING_DONE, Asker, Question
from evalmark.cli.model_repo import ModelRepo, is_hub_name, repo_in_folder, repo_on_hub
from evalmark.cli.settings import Settings, read_settings
from evalmark.errors import ExitCode, Interrupted, MissingExtra, UsageProblem
from evalmark.facts import BenchmarkMissing, BenchmarkRef
from evalmark.finding import has_error
from evalmark.flows.check import check
from evalmark.formats.digits import same_score
from evalmark.formats.writing import Draft, NotEditable
from evalmark.harness.result import Result
from evalmark.ports import BenchmarkFiles, Benchmarks
from evalmark.report.escape import painted, plain, visible
from evalmark.report.findings_text import findings_as_text


def run(args: argparse.Namespace) -> ExitCode:
    """Read, choose, show, write; the files are checked as they would be, before anything is written."""
    settings = read_settings()
    asker = Asker(yes=args.yes)
    with surroundings_of(args, settings) as (places, repo):
        if args.submit:
            ready_to_submit(repo, settings)
        read = _selected(results_of(args.logs, inspect_logs), args.only)
        drafts = _drafts(read, Chooser(args, asker, places, repo.name), asker)
    if not drafts:
        raise UsageProblem("none of the results is taken, for the reasons above", "evalmark add --help has options")
    given = frozenset(name for name in ("date", "revision") if getattr(args, name))
    changes = changes_of(repo, drafts, given)
    colour = settings.colour and sys.stdout.isatty()
    for each in changes:
        print(shown(each, repo, colour=colour), end="")
    code = finish(asker, repo, changes, settings, only_show=args.dry_run)
    return _next(args, repo) if code is ExitCode.FINE and not args.dry_run else code


def finish(asker: Asker, repo: ModelRepo, changes: list[Change], settings: Settings, *, only_show: bool) -> ExitCode:
    """Check the files as they would be, then write them; on a terminal only after a yes.

    Raises `Interrupted` for a no, so that nothing follows.
    """
    code = _checked(repo, changes, settings)
    if code is ExitCode.FINE and not only_show:
        _write(asker, repo, changes)
    return code


def _selected(read: ReadResults, only: list[str]) -> ReadResults:
    for trouble in read.troubles:
        print(f"not read: {plain(trouble, 300)}", file=sys.stderr)
    if not read.results:
        raise UsageProblem("there is no result in what was given", "give the results of a finished evaluation")
    if not only:
        return read
    kept = tuple(pair for pair in read.results if pair[0].task in only)
    if len({pair[0].task for pair in kept}) < len(set(only)):
        tasks = ", ".join(dict.fromkeys(plain(pair[0].task) for pair in read.results))
        raise UsageProblem("a task that --only names is not among the results", f"there are: {tasks}")
    return ReadResults(kept, read.troubles)


def _drafts(read: ReadResults, chooser: Chooser, asker: Asker) -> list[Draft]:
    alone = len(read.results) == 1
    taken: dict[tuple[str, ...], _Taken] = {}
    for result, _path in read.results:
        try:
            new = _Taken(result, drafted(result, chooser.chosen(result, alone=alone)))
        except NotTaken as why:
            print(visible(f"not taken: {why}"), file=sys.stderr)
            continue
        entry = new.draft.entry
        about = (entry.dataset.id, entry.dataset.task_id, entry.notes or "")
        first = taken.setdefault(about, new)
        if not same_score(first.draft.digits, new.draft.digits):
            taken[about] = _one_of(first, new, asker)
    return [each.draft for each in taken.values()]


class _Taken(NamedTuple):
    result: Result
    draft: Draft


def _one_of(first: _Taken, second: _Taken, asker: Asker) -> _Taken:
    """Which of two is the score. Raises `UsageProblem` where nobody can be asked."""
    dataset = first.draft.entry.dataset
    names = " and ".join(plain(each.result.task) for each in (first, second))
    words = f"{names} would both be the score of {dataset.id} · {dataset.task_id}"
    shown = {f"{each.draft.digits}, {plain(each.result.task)} in {each.result.file}": each for each in (first, second)}
    if asker.asks:
        return shown[asker.choice(Question(f"{words}. It is", "--only"), tuple(shown))]
    raise UsageProblem(
        f"{words}: {'; '.join(shown)}",
        "give only one of the logs; or say which task with --only, or what tells them apart with --notes",
    )


def changes_of(repo: ModelRepo, drafts: list[Draft], given: frozenset[str] = frozenset()) -> list[Change]:
    """One change a file, with all that goes into it. Raises `UsageProblem`.

    `given` names what a person said themselves: it counts also for a score that stands already.
    """
    files = dict(repo.files)
    done: dict[str, Change] = {}
    for draft in drafts:
        try:
            one = change(files, draft, given)
        except NotEditable as problem:
            raise UsageProblem(str(problem), "mend it by hand, then run the same command again") from problem
        before = done[one.path].before if one.path in done else one.before
        kept = one.path in done and (one.kind == "nothing" or before is None)
        kind = done[one.path].kind if kept else one.kind
        done[one.path] = one._replace(before=before, kind=kind)
        files[one.path] = one.after
    return list(done.values())


def shown(each: Change, repo: ModelRepo, *, colour: bool) -> str:
    """A change as a unified diff, or that nothing is to be done."""
    if each.kind == "nothing":
        return f"{plain(str(repo.path(each.path)))}: nothing to do, the score is reported already\n"
    before, after = (text.decode("utf-8", "replace").splitlines() for text in (each.before or b"", each.after))
    name = repo.path(each.path).as_posix()
    lines = difflib.unified_diff(before, after, name if each.before is not None else "/dev/null", name, lineterm="")
    colours = {"+": "32", "-": "31", "@": "36"}
    return "".join(
        f"{painted(visible(line), colours[line[0]], colour) if line[:1] in colours else visible(line)}\n"
        for line in lines
    )


def _checked(repo: ModelRepo, changes: list[Change], settings: Settings) -> ExitCode:
    """What the linter says of the files that would be written."""
    files = {**repo.files, **{each.path: each.after for each in changes}}
    touched = {each.path for each in changes}
    found = [finding for finding in check(files, datetime.now(UTC).date()) if finding.place.path in touched]
    colour = settings.colour and sys.stderr.isatty()
    print(findings_as_text(found, files=files, colour=colour), end="", file=sys.stderr)
    return ExitCode.FOUND if has_error(found) else ExitCode.FINE


def _write(asker: Asker, repo: ModelRepo, changes: list[Change]) -> None:
    todo = [each for each in changes if each.kind != "nothing"]
    files = ", ".join(plain(repo.path(each.path).as_posix()) for each in todo)
    if todo and asker.terminal and not asker.confirm(Question(f"Write {files}", "--yes"), default=True):
        raise Interrupted("not written", NOTHING_DONE)
    for each in todo:
        print(f"wrote {plain(str(repo.write(each.path, each.after)))}: {each.kind}")


def _next(args: argparse.Namespace, repo: ModelRepo) -> ExitCode:
    if args.submit:
        return submit_added(args, repo)
    logs = [part for log in args.logs for part in ("--log", log)]
    command = shlex.join([str(repo.root), "--repo", repo.name or "OWNER/NAME", *logs])
    print(f"Next, to propose it on the Hub: evalmark submit {command}")
    return ExitCode.FINE


@dataclass(frozen=True, slots=True)
class _OnlyHere:
    """Benchmarks of this machine; no other is asked for."""

    benchmarks: Benchmarks
    names: frozenset[str]

    def benchmark(self, ref: BenchmarkRef) -> BenchmarkFiles | BenchmarkMissing:
        """Read one of them."""
        if ref.dataset_id in self.names:
            return self.benchmarks.benchmark(ref)
        return BenchmarkMissing(
            f"{ref.dataset_id} is not on this machine, and --offline asks nobody",
            "give it with --benchmark, or leave out --offline",
            surely=True,
        )


@contextlib.contextmanager
def surroundings_of(args: argparse.Namespace, settings: Settings) -> Iterator[tuple[Places, ModelRepo]]:
    """Where facts come from, and the repo that is written to."""
    folders = options.benchmark_folders(args.benchmark)
    on_hub = is_hub_name(args.model_repo)
    named = options.repo_name(args.repo, "--repo") if args.repo else None
    if args.offline and not folders:
        if on_hub:
            raise UsageProblem(
                f"{args.model_repo} is on the Hub, and --offline asks nothing there", "give the folder of its checkout"
            )
        yield Places(None, None, tuple), repo_in_folder(Path(args.model_repo), named)
        return
    if importlib.util.find_spec("huggingface_hub") is None:
        raise MissingExtra("hub", args.command)
    from evalmark.cli.surroundings import surroundings  # noqa: PLC0415 - the Hub's client is heavy and optional

    with surroundings(folders, settings) as hub:
        if on_hub:
            repo = repo_on_hub(args.model_repo, args.out or Path(Path(args.model_repo).name), hub.remote)
        else:
            repo = repo_in_folder(Path(args.model_repo), named)

        benchmarks = _OnlyHere(hub, frozenset(folders)) if args.offline else hub

        def known() -> tuple[str, ...]:
            return (*folders, *(() if args.offline else hub.remote.benchmarks()))

        def lacks(ref: BenchmarkRef) -> bool:
            if args.offline or ref.dataset_id in folders:
                return False
            found = hub.remote.benchmark(ref)
            return isinstance(found, BenchmarkMissing) and found.surely

        yield Places(benchmarks, None if args.offline else hub, known, lacks), repo
