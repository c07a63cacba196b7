"""`evalmark receipt make`: what `evalmark ci report` does, here: judge again, believing only numbers, and sign."""

import argparse
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from evalmark import __version__
from evalmark.adapters.artifacts import make_folder, read_if_there, write_whole
from evalmark.cli import options
from evalmark.cli.handed import handed_in
from evalmark.cli.receipt.keys import signing_key
from evalmark.cli.settings import Settings, read_settings
from evalmark.cli.subjects import Folder, prepare_subject, subject_of
from evalmark.cli.surroundings import surroundings
from evalmark.errors import ExitCode, UsageProblem
from evalmark.flows.pull_request import Handed, judge_handed, terms_of
from evalmark.flows.receipt_making import Made, receipts_for
from evalmark.flows.verify import Terms
from evalmark.plan.identity import ModelChoice, ModelRun
from evalmark.ports import Signer
from evalmark.receipt import VerifiedBy, utc
from evalmark.report.escape import plain
from evalmark.report.words import counted

MOST_OF_ONE_CLAIM = 1000


def run(args: argparse.Namespace) -> ExitCode:
    """Judge, sign, write; 1 if there was nothing to sign."""
    settings = read_settings()
    signer = signing_key(args, settings)
    handed = handed_in(args.report)
    if handed is None:
        raise UsageProblem(f"{args.report} holds no plan.json of a rerun", "name the folder of a report with --report")
    by = VerifiedBy(name=args.by, where=args.where, at=utc(datetime.now(UTC)), evalmark=__version__)
    made = _made(args, settings, handed, by, signer)
    paths = written(args.out or args.report / "receipts", made)
    for each, path in zip(made, paths, strict=True):
        claim, verdict = each.receipt.claim, each.receipt.result.verdict.value
        print(f"{path}  {verdict}: {claim.value} on {plain(claim.task_id, 60)}")
    print(f"{counted(len(made), 'receipt')} signed by {signer.public}")
    return ExitCode.FINE if made else ExitCode.FOUND


def _made(args: argparse.Namespace, settings: Settings, handed: Handed, by: VerifiedBy, signer: Signer) -> list[Made]:
    subject = subject_of(args.target, args.repo)
    models = {subject.repo: subject.path} if isinstance(subject, Folder) else {}
    choice = _choice(handed.plan.model)
    terms = terms_of(handed.plan, choice, Terms(choice, handed.plan.limits, lambda _claims: handed.plan.nonce))
    with surroundings(options.benchmark_folders(args.benchmark), settings, models) as places:
        ready = prepare_subject(subject, places, settings, terms)
        verdicts = judge_handed(ready.prepared, handed).verdicts
        return list(receipts_for(verdicts, ready.model, places, by, signer))


def _choice(model: ModelRun) -> ModelChoice:
    """The model that the rerun says that it ran; whether that is the claimed one is found out again."""
    return ModelChoice(
        spec=model.spec,
        accept_served=not model.identity.proved,
        args=model.args,
        base_url=model.base_url,
        generation=model.generation,
    )


def written(folder: Path, made: Iterable[Made]) -> list[Path]:
    """Write each receipt under the digest of its claim. One that is there stays: a further one gets a number."""
    make_folder(folder)
    return [_write(folder, each) for each in made]


def _write(folder: Path, made: Made) -> Path:
    digest = made.receipt.claim.digest
    names = [f"{digest}.json", *(f"{digest}.{number}.json" for number in range(2, MOST_OF_ONE_CLAIM))]
    for name in names:
        path = folder / name
        there = read_if_there(path) if path.exists() else None
        if there is None:
            write_whole(path, made.envelope)
        if there in (None, made.envelope):
            return path
    raise UsageProblem(f"{folder} holds {MOST_OF_ONE_CLAIM} receipts of one claim", "give another --out")
