"""What `evalmark init benchmark` does once its arguments are read."""

import argparse
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from evalmark.adapters.dataset_rows.rows import Source, opened
from evalmark.adapters.hub.snapshots import HubSnapshots
from evalmark.adapters.kit import kit_file
from evalmark.adapters.placing import existing
from evalmark.adapters.tree.model import remote_name_of, repo_name_of
from evalmark.authoring.card import Card, read_card, with_files
from evalmark.checks.places import BENCHMARK_FILE, DECLARATION
from evalmark.cli import options
from evalmark.cli.asking import Asker, Question
from evalmark.cli.hub_names import hub_name
from evalmark.cli.init.questions import NONE, About, Answered, Interview
from evalmark.cli.init.trial import Chosen, Ran, Trial, ready, try_out, usual_model
from evalmark.cli.init.writing import harmless, may_replace, say, write, wrong_name
from evalmark.cli.served import Dataset, served
from evalmark.cli.settings import Settings, read_settings
from evalmark.errors import ExitCode, Refused, UsageProblem
from evalmark.finding import has_error
from evalmark.flows.trial import CARD, Proposal, cost_of_all, propose
from evalmark.formats.card import LARGEST_CARD, rows_outside
from evalmark.formats.parse_benchmark import parse_benchmark
from evalmark.plan.identity import ModelRun
from evalmark.plan.rerunnable import Obstacle
from evalmark.report.escape import plain
from evalmark.report.findings_text import findings_as_text
from evalmark.report.shortlist import Request, Tried
from evalmark.report.trials import cost_as_text, request_as_text, trial_as_text

HOOKS: Final = ".pre-commit-config.yaml"
KIT: Final = "benchmark.pre-commit-config.yaml"
WHY_CARD: Final = (
    "README.md must say which file is which split: without it, readers of the dataset take eval.yaml for rows."
)


@dataclass(frozen=True, slots=True)
class Found:
    """The dataset, where its files go, and what its card says."""

    dataset: Dataset
    out: Path
    card: Card


@dataclass(frozen=True, slots=True)
class Decided(Found):
    """All answers: nothing is asked after this but whether to write."""

    answered: Answered
    model: tuple[ModelRun, Path | None] | None
    contact: str | None


def run(args: argparse.Namespace) -> ExitCode:
    """Ask, write, try, and print the request."""
    settings = read_settings()
    asker = Asker(yes=args.yes)
    decided = _decide(args, asker, settings)
    there = _there(decided)
    proposal = propose(decided.answered.draft, there.get(DECLARATION), _new_card(decided, there))
    if not _write(asker, decided, proposal, there, settings):
        say("nothing was written")
        return ExitCode.FINE
    ran = _try(decided, proposal, args.samples, settings)
    colour = settings.colour and sys.stdout.isatty()
    _print_trial(ran, decided, colour=colour)
    print(_findings(proposal, colour=colour))
    if isinstance(ran, Ran):
        print(cost_as_text(cost_of_all(ran.measured), ran.measured), end="")
    print(request_as_text(_request(args, decided, proposal, ran), decided.out.as_posix()), end="")
    return ExitCode.FOUND if has_error(proposal.findings) else ExitCode.FINE


def _decide(args: argparse.Namespace, asker: Asker, settings: Settings) -> Decided:
    if args.samples < 1:
        raise UsageProblem(f"`--samples {args.samples}` runs nothing", "write --samples 5, or --no-run")
    dataset, out = _dataset(args, asker, settings)
    found = Found(dataset, out, _card(dataset))
    answered = _interview(found, args, asker, settings)
    model = None if args.no_run else _model(args, asker, settings)
    contact = args.contact
    if contact is None and asker.terminal and not args.yes:
        contact = asker.text(Question("Whom may the Hub's people ask about it?", "--contact", "later"))
    return Decided(dataset, out, found.card, answered, model, None if contact == "later" else contact)


def _dataset(args: argparse.Namespace, asker: Asker, settings: Settings) -> tuple[Dataset, Path]:
    folder = Path(args.dataset)
    if folder.is_dir():
        words = "What is the dataset called on the Hub, or will be? (owner/name)"
        asked = Question(words, "--repo", repo_name_of(folder.resolve()))
        name = args.repo or remote_name_of(folder) or asker.text(asked, wrong_name)
        return Dataset(folder, options.repo_name(name, "--repo")), args.out or folder
    named = hub_name(args.dataset)
    if folder.exists() or named is None or named.revision or named.number:
        raise UsageProblem(
            f"{args.dataset} is neither a folder nor a dataset on the Hub", "give one: DIR or owner/name"
        )
    if args.repo is not None:
        raise UsageProblem("`--repo` names the dataset of a folder, and this one has its name", "leave it out")
    say(f"downloading {named.repo} …")
    hub = HubSnapshots(settings.endpoint, settings.token)
    return Dataset(hub.download(named.repo, settings.cache), named.repo, follow=True), args.out or Path(
        named.repo.rpartition("/")[2]
    )


def _card(dataset: Dataset) -> Card:
    """What the README.md says. Rows from elsewhere are refused before anything loads them."""
    path = dataset.folder / CARD
    if not path.is_file() or (path.is_symlink() and not dataset.follow):
        return Card()
    with path.open("rb") as file:
        content = file.read(LARGEST_CARD)
    outside = rows_outside(content)
    if outside is not None:
        raise Refused(
            f"the README.md takes rows from `{plain(outside)}`, which every machine that runs it would ask for",
            "keep the rows in the dataset's own repo",
        )
    return read_card(content)


def _about(found: Found) -> About:
    """What an eval.yaml that is there says, else the README.md, else the name."""
    dataset, out, card = found.dataset, found.out, found.card
    file = next((each for each in (out / BENCHMARK_FILE, dataset.folder / BENCHMARK_FILE) if each.is_file()), None)
    before = parse_benchmark(BENCHMARK_FILE, file.read_bytes()).benchmark if file is not None else None
    usual = dataset.dataset_id.rpartition("/")[2].replace("-", " ").replace("_", " ").capitalize()
    name = plain((before.name if before else None) or card.title or usual)
    said = (before.description if before else None) or card.summary or f"{name}: questions that have one right answer."
    task_id = before.tasks[0].id if before else None
    return About(dataset.dataset_id, name, plain(said, 400), card.names_files, task_id)


def _interview(found: Found, args: argparse.Namespace, asker: Asker, settings: Settings) -> Answered:
    about, dataset = _about(found), found.dataset
    say("looking at the rows …")
    with (
        served(dataset, {}, settings) as (endpoint, revision),
        opened(Source(dataset.dataset_id, revision, endpoint, settings.cache / "rerun", settings.environment)) as rows,
    ):
        return Interview(args, asker).draft(rows, about)


def _model(args: argparse.Namespace, asker: Asker, settings: Settings) -> tuple[ModelRun, Path | None] | None:
    words = f"Which model tries {args.samples} samples? (as Inspect names it, or none)"
    spec = args.model or asker.text(Question(words, "--model", usual_model()))
    if spec == NONE:
        return None
    given = options.key_values(args.model_arg, "--model-arg")
    return ready(Chosen(spec, args.model_base_url, tuple(given.items())), settings)


def _there(decided: Decided) -> Mapping[str, bytes]:
    """Our files that are there: where they are written, else where the dataset is."""
    names = [BENCHMARK_FILE, DECLARATION, HOOKS, CARD]
    found = existing(decided.out, names)
    if decided.dataset.follow:
        downloaded = {name: decided.dataset.folder / name for name in names if name != HOOKS}
        return {name: path.read_bytes() for name, path in downloaded.items() if path.is_file()} | found
    return found


def _new_card(decided: Decided, there: Mapping[str, bytes]) -> bytes | None:
    """The README.md with what is missing in it; None if nothing is."""
    files, draft = decided.answered.files, decided.answered.draft
    if not files:
        return None
    return with_files(there.get(CARD), files, f"# {draft.name}\n\n{draft.description}\n")


def _write(asker: Asker, decided: Decided, proposal: Proposal, there: Mapping[str, bytes], settings: Settings) -> bool:
    """Show, ask, write. Hooks that are there stay."""
    colour = settings.colour and sys.stderr.isatty()
    files = {**proposal.files, HOOKS: there.get(HOOKS) or kit_file(KIT)}
    if CARD in files:
        say(f"\n{WHY_CARD}")
    for name in (name for name in (BENCHMARK_FILE, CARD) if name in there and name in files):
        if not may_replace(asker, name, there[name], files[name], colour=colour):
            return False
    if BENCHMARK_FILE not in there:
        say(f"\n{BENCHMARK_FILE}:\n")
        say("".join(f"    {harmless(line)}\n" for line in files[BENCHMARK_FILE].decode().splitlines()))
    new = [name for name in files if name not in there]
    if new and asker.terminal and not asker.confirm(Question(f"Write {', '.join(new)}?", "--yes"), default=True):
        return False
    written = write(decided.out, files)
    say(f"written to {decided.out}: {', '.join(written)}" if written else "all is there already")
    if HOOKS in there and b"check-eval-yaml" not in there[HOOKS]:
        say(f"{HOOKS} is there already; to check each commit, add to it:\n\n{kit_file(KIT).decode()}")
    return True


def _try(decided: Decided, proposal: Proposal, samples: int, settings: Settings) -> Ran | Obstacle | None:
    if decided.model is None:
        return None
    say(f"\ntrying {samples} samples …")
    trial = Trial(decided.dataset, proposal, samples, decided.answered.split.only_data_uris)
    return try_out(trial, decided.model, settings)


def _print_trial(ran: Ran | Obstacle | None, decided: Decided, *, colour: bool) -> None:
    if isinstance(ran, Obstacle):
        print(f"\nno trial run: {plain(ran.reason, 400)}\n    {plain(ran.advice, 400)}")
    elif ran is not None and decided.model is not None:
        print(f"\n{trial_as_text(ran.measured, ran.transcripts, decided.model[0].spec, colour=colour)}")


def _findings(proposal: Proposal, *, colour: bool) -> str:
    if not proposal.findings:
        return "evalmark check: nothing to mend; anybody can rerun it safely"
    return f"evalmark check:\n{findings_as_text(proposal.findings, files=proposal.files, colour=colour)}"


def _request(args: argparse.Namespace, decided: Decided, proposal: Proposal, ran: Ran | Obstacle | None) -> Request:
    tried, total = None, decided.answered.split.total
    if isinstance(ran, Ran) and decided.model is not None:
        scores = [each.score for each in ran.transcripts]
        right, failed = sum(score or 0 for score in scores), sum(score is None for score in scores)
        tried, total = Tried(decided.model[0].spec, len(scores), right, failed), ran.measured.total
    licence = args.licence or decided.card.licence
    return Request(proposal.draft, proposal.findings, total, licence, decided.contact, args.link, tried)
