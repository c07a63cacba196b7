"""What `evalmark doctor` does once its arguments are read."""

import argparse
import importlib
import importlib.util
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

from evalmark import __version__
from evalmark.adapters.tree.checked import CheckedFiles, checked_files
from evalmark.adapters.tree.model import remote_name_of, repo_name_of
from evalmark.adapters.tree.receipts import receipts_in
from evalmark.adapters.tree.setup import read_setup
from evalmark.authoring.account import account_lines
from evalmark.authoring.files import file_lines
from evalmark.authoring.readiness import Line, State, must_be_fixed
from evalmark.authoring.setup import setup_lines
from evalmark.checks.places import BENCHMARK_FILE, DECLARATION, place_findings
from evalmark.checks.results import RESULTS_FOLDER
from evalmark.cli import options
from evalmark.cli.hub_names import OnHub, hub_name
from evalmark.cli.settings import Settings, read_settings
from evalmark.errors import EvalmarkError, ExitCode, Forbidden, MissingExtra, UsageProblem
from evalmark.finding import by_place
from evalmark.flows.check import check
from evalmark.flows.doctor import Claims, claim_lines, key_lines
from evalmark.flows.doctor_benchmark import Repo, Rows, benchmark_lines
from evalmark.flows.trial import CARD
from evalmark.flows.verify import claimed_in
from evalmark.formats.card import LARGEST_CARD
from evalmark.formats.declaration import Declaration
from evalmark.formats.parse_benchmark import parse_benchmark
from evalmark.formats.parse_declaration import parse_declaration
from evalmark.report.readiness import as_data, as_text

VERIFY = ("datasets", "huggingface_hub")
EMPTY = "it has neither .eval_results/*.yaml nor eval.yaml"


def run(args: argparse.Namespace) -> ExitCode:
    """Look, and print."""
    settings = read_settings()
    folder = Path(args.target)
    named = hub_name(args.target)
    if folder.is_dir():
        lines = list(_of_folder(folder, args, settings))
    elif named is not None and not folder.exists():
        lines = list(_on_hub(named, args, settings))
    else:
        raise UsageProblem(f"{args.target} is neither a folder nor a repo on the Hub", "give one: DIR or owner/name")
    if args.format == "json":
        print(json.dumps(as_data(lines), indent=2, ensure_ascii=False))
    else:
        print(as_text(lines, colour=settings.colour and sys.stdout.isatty()), end="")
    return ExitCode.FOUND if must_be_fixed(lines) else ExitCode.FINE


def _of_folder(folder: Path, args: argparse.Namespace, settings: Settings) -> Iterator[Line]:
    files = _checked(folder)
    is_benchmark = files is not None and (files.is_dataset or (folder / BENCHMARK_FILE).exists())
    name = options.repo_name(args.repo, "--repo") if args.repo else remote_name_of(folder)
    content = {path.removeprefix(files.root): content for path, content in files.files.items()} if files else {}
    yield from _file_lines(content, files)
    yield from setup_lines(read_setup(folder), __version__, is_model=not is_benchmark)
    repo = name or repo_name_of(folder.resolve())
    if files is None:
        return
    if is_benchmark:
        yield from _benchmark(repo, content, args, settings, folder)
    else:
        receipts = len(receipts_in(folder))
        yield from _model(Claims(repo, claimed_in(_results(content)).entries, receipts), args, settings)
    if args.online:
        yield from _account(name, settings)


def _checked(folder: Path) -> CheckedFiles | None:
    """Its files; None if there is nothing of ours yet, which is told in a line and is no error here."""
    try:
        return checked_files([folder])[0]
    except UsageProblem:
        if (folder / RESULTS_FOLDER).exists() or (folder / BENCHMARK_FILE).exists():
            raise
        return None


def _file_lines(content: Mapping[str, bytes], files: CheckedFiles | None) -> Iterator[Line]:
    if files is None:
        yield Line("fix", "files", EMPTY, "evalmark add LOG… writes a score; evalmark init benchmark makes a benchmark")
        return
    places = place_findings(files.listing, is_dataset=files.is_dataset)
    yield from file_lines(by_place((*check(content, datetime.now(UTC).date()), *places)), len(content))


def _results(content: Mapping[str, bytes]) -> dict[str, bytes]:
    return {path: each for path, each in content.items() if path.startswith(f"{RESULTS_FOLDER}/")}


def _on_hub(name: OnHub, args: argparse.Namespace, settings: Settings) -> Iterator[Line]:
    facts = _facts("doctor owner/name")
    args.online = True
    found = facts.repo_on_hub(name, settings)
    yield from file_lines(check(found.files, datetime.now(UTC).date()), len(found.files))
    if found.is_benchmark:
        described = _described(name.repo, found.files, found.card, facts.tags(name.repo, settings))
        yield from _declared(found.files)
        yield from _with_rows(described, lambda: facts.rows_on_hub(name.repo, found.revision, settings))
    else:
        yield from _model(Claims(name.repo, claimed_in(found.files).entries), args, settings)
    yield from _account(name.repo, settings)


def _model(claims: Claims, args: argparse.Namespace, settings: Settings) -> Iterator[Line]:
    folders = options.benchmark_folders(args.benchmark)
    if not args.online and not folders:
        yield from claim_lines(claims, None, lambda *_place: "not looked up")
        return
    with _facts("doctor --online").world(folders, settings, online=args.online) as world:
        yield from claim_lines(claims, world, world.count)


def _benchmark(
    repo: str, content: Mapping[str, bytes], args: argparse.Namespace, settings: Settings, folder: Path
) -> Iterator[Line]:
    path = folder / CARD
    card = path.read_bytes()[:LARGEST_CARD] if path.is_file() and not path.is_symlink() else None
    tags = _facts("doctor --online").tags(repo, settings) if args.online else None
    yield from _declared(content)
    described = _described(repo, content, card, tags)
    yield from _with_rows(described, lambda: _facts("doctor").rows_of_folder(folder, repo, content, settings))


def _declared(content: Mapping[str, bytes]) -> Iterator[Line]:
    if BENCHMARK_FILE not in content:
        yield Line("fix", BENCHMARK_FILE, "there is none, so it is no benchmark", "evalmark init benchmark writes one")
    if DECLARATION not in content:
        what = "there is none: unit, settings and cost are not declared"
        yield Line("note", DECLARATION, what, "evalmark init benchmark writes one")
    yield from key_lines(parse_declaration(DECLARATION, content.get(DECLARATION, b"")).declaration, datetime.now(UTC))


def _described(repo: str, content: Mapping[str, bytes], card: bytes | None, tags: frozenset[str] | None) -> Repo:
    declared = parse_declaration(DECLARATION, content.get(DECLARATION, b"")).declaration or Declaration()
    benchmark = parse_benchmark(BENCHMARK_FILE, content.get(BENCHMARK_FILE, b"")).benchmark
    return Repo(repo, benchmark, declared, card, tags)


def _with_rows(described: Repo, rows: Callable[[], AbstractContextManager[Rows]]) -> Iterator[Line]:
    """Rows are loaded where the extra for it is installed, and nothing says that they come from elsewhere."""
    installed = all(importlib.util.find_spec(part) is not None for part in VERIFY)
    if described.benchmark is None or not installed or described.rows_outside is not None:
        yield from benchmark_lines(described, None)
        return
    with rows() as loaded:
        yield from benchmark_lines(described, loaded)


def _account(repo: str | None, settings: Settings) -> Iterator[Line]:
    """Never the token itself."""
    try:
        account = _facts("doctor --online").account(settings)
    except EvalmarkError as trouble:
        state: State = "fix" if isinstance(trouble, Forbidden) else "unknown"
        yield Line(state, "token", trouble.message, trouble.advice)
        return
    yield from account_lines(account, repo)


def _facts(command: str) -> ModuleType:
    """The part that needs extras; imported once it is known that they are there."""
    if importlib.util.find_spec("huggingface_hub") is None:
        raise MissingExtra("hub", command)
    return importlib.import_module("evalmark.cli.doctor.facts")
