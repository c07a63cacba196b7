"""What `evalmark submit` does once its arguments are read."""

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from evalmark.adapters.hub import HubAccount, HubClient, HubReviews, HubSubmissions, HubUploads
from evalmark.adapters.tree.model import results_files
from evalmark.authoring.submission import Submission, entries_of, taken_out
from evalmark.checks.links import OtherClaim, link_findings
from evalmark.cli.asking import NOTHING_DONE, Asker, Question
from evalmark.cli.model_repo import ModelRepo
from evalmark.cli.settings import Settings, read_settings
from evalmark.cli.submit.evidence import evidence_for
from evalmark.cli.submit.logs import Linked, linked, upload
from evalmark.cli.submit.request import SubmitRequest, request_of
from evalmark.cli.submit.said import tell_left_out, tell_taken_out
from evalmark.cli.submit.standing import allowed, new_in, not_turned_down
from evalmark.errors import ExitCode, UsageProblem
from evalmark.facts import ResultsFile
from evalmark.finding import Finding, has_error
from evalmark.flows.check import check
from evalmark.flows.look_up import Author, look_up
from evalmark.flows.submit import Amended, Decision, Nothing, Opened, Submitted, decide, submit
from evalmark.formats.parse_results import parse_results
from evalmark.report.escape import plain
from evalmark.report.findings_text import findings_as_text
from evalmark.report.submission import Backing, Brought, description_of, on_hub


class FoundProblems(Exception):
    """The files have errors; the argument is what to print."""


@dataclass(frozen=True)
class Desk:
    """A model on the Hub, and the holder of a token who proposes scores to it."""

    settings: Settings
    repo: str

    @cached_property
    def client(self) -> HubClient:
        """What the Hub holds."""
        cache = self.settings.cache / "hub"
        return HubClient(self.settings.endpoint, cache, self.settings.token, most_pull_requests=None)

    @cached_property
    def reviews(self) -> HubReviews:
        """The pull requests of everybody."""
        return HubReviews(self.settings.endpoint, self.settings.cache / "hub", self.settings.token, self.repo)

    @cached_property
    def submissions(self) -> HubSubmissions:
        """The pull requests of the holder."""
        return HubSubmissions(self.settings.endpoint, self.settings.token, self.repo)

    @cached_property
    def uploads(self) -> HubUploads:
        """Repos for logs."""
        return HubUploads(self.settings.endpoint, self.settings.token)

    @cached_property
    def me(self) -> str:
        """The holder's name."""
        return HubAccount(self.settings.endpoint, self.settings.token).holder().name


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that is known before anything is written: `main` is its commit, `local` what was read in the folder."""

    request: SubmitRequest
    main: str
    submission: Submission
    links: Linked
    findings: tuple[Finding, ...]
    local: Mapping[str, bytes]


def run(args: argparse.Namespace) -> ExitCode:
    """Refuse files with errors; then do it, or with `--dry-run` only say it."""
    settings = read_settings()
    request = request_of(args)
    desk = desk_of(settings, request.repo)
    if args.withdraw is not None:
        return _withdraw(args, desk.submissions)
    try:
        prepared = prepare(request, desk)
    except FoundProblems as problems:
        print(problems, end="", file=sys.stderr)
        return ExitCode.FOUND
    shown = findings_as_text(prepared.findings, colour=settings.colour and sys.stderr.isatty())
    print(shown, file=sys.stderr, end="")
    tell_left_out(prepared.submission)
    return _propose(prepared, desk, Asker(yes=args.yes), only_say=args.dry_run)


def _propose(prepared: Prepared, desk: Desk, asker: Asker, *, only_say: bool) -> ExitCode:
    """Say what would be done, ask on a terminal, do it."""
    found = prepared.submission
    if not found.files:
        print(_nothing(prepared))
        return ExitCode.FINE
    decision = decision_on(prepared, desk, asker)
    if decision.is_there:
        print(said(Nothing(decision.number), desk))
        return ExitCode.FINE
    if only_say or asker.terminal:
        print(plan_of(prepared, decision.number, desk))
    if only_say or (asker.terminal and not asker.confirm(Question("Do it", "--yes"), default=True)):
        print(NOTHING_DONE, file=sys.stderr)
        return ExitCode.FINE
    print(said(carry_out(prepared, desk), desk))
    return ExitCode.FINE


def decision_on(prepared: Prepared, desk: Desk, asker: Asker) -> Decision:
    """What is to be done. Raises `UsageProblem` for what may not be proposed unless somebody says that it is meant."""
    request, found = prepared.request, prepared.submission
    allowed(found, asker, contradict=request.contradict)
    decision = decide(found.files, prepared.main, desk.reviews, desk.submissions)
    if decision.opens and not request.again:
        not_turned_down(found, asker, desk.reviews, desk.submissions)
    return decision


def desk_of(settings: Settings, repo: str) -> Desk:
    """Where to propose. Raises `UsageProblem` without a token."""
    if not settings.token:
        raise UsageProblem(
            "there is no Hub token, so nobody would know whose pull request it is",
            "set HF_TOKEN to a token that may open pull requests",
        )
    return Desk(settings, repo)


def prepare(request: SubmitRequest, desk: Desk) -> Prepared:
    """Check the files, here and beside what the Hub says; link the logs; find out what is new.

    Raises `FoundProblems`, `UsageProblem`, `CouldNotFinish`.
    """
    local = results_files(request.folder)
    findings = check(local, datetime.now(UTC).date())
    _stop_at_errors(findings, local)
    main = desk.client.model(request.repo, "main").revision
    reported = desk.client.results_files(request.repo)
    on_main = {file.path: file.content for file in reported if file.pull_request is None}
    mine = {each.number for each in desk.submissions.mine()}
    others = _claims(reported, frozenset(mine), frozenset(local))
    for each in taken_out(local, on_main, _in(file for file in reported if file.pull_request in mine)):
        tell_taken_out(each)
    found = new_in(local, on_main, others)
    about = tuple(each.entry for each in found.brought)
    facts = look_up(about, desk.client, desk.client, Author())
    findings = (*findings, *link_findings(about, facts))
    _stop_at_errors(findings, local)
    logs = request.logs
    done = linked(logs, local, about, request.repo, desk) if about and (logs.logs or logs.url) else Linked(local)
    if done.files != local:
        found = new_in(done.files, on_main, others)
    return Prepared(request, main, found, done, findings, local)


def _stop_at_errors(findings: tuple[Finding, ...], files: Mapping[str, bytes]) -> None:
    if has_error(findings):
        raise FoundProblems(findings_as_text(findings, files=files, colour=False))


def _claims(files: tuple[ResultsFile, ...], mine: frozenset[int], here: frozenset[str]) -> tuple[OtherClaim, ...]:
    """What main and pull requests report. A file of one's own pull request that lies here too is gone on with."""
    theirs = (file for file in files if file.pull_request not in mine or file.path not in here)
    return tuple(_in(theirs))


def _in(files: Iterable[ResultsFile]) -> Iterator[OtherClaim]:
    for file in files:
        yield from (
            OtherClaim(file.path, entry, file.pull_request) for entry in parse_results(file.path, file.content).entries
        )


def carry_out(prepared: Prepared, desk: Desk) -> Submitted:
    """Upload the logs, keep their addresses in the folder, then propose. Each step a second time changes nothing."""
    request, found = prepared.request, prepared.submission
    browse = upload(prepared.links, request.logs, desk.uploads, desk.settings)
    repo = ModelRepo(request.folder, request.repo, prepared.local)
    for path, content in prepared.links.files.items():
        if prepared.local.get(path) != content:
            repo.write(path, content)
    words = description_of(on_hub(request.repo), _brought(prepared, desk), request.description, browse)
    title = request.title or _title(found)
    return submit(found.files, prepared.main, desk.reviews, desk.submissions, title, words)


def _brought(prepared: Prepared, desk: Desk) -> tuple[Brought, ...]:
    links, brought = prepared.links, prepared.submission.brought
    keys = [(each.entry.place.path, each.entry.position) for each in brought]
    evidence = evidence_for(brought, [links.logs.get(key) for key in keys], prepared.main, desk.client, desk.settings)
    return tuple(
        Brought(each, Backing(links.results.get(key), shown))
        for each, key, shown in zip(brought, keys, evidence, strict=True)
    )


def plan_of(prepared: Prepared, number: int | None, desk: Desk) -> str:
    """What would be done, one line a thing."""
    files = ", ".join(map(plain, prepared.submission.files))
    by = f"pull request {number}" if number else "a new pull request"
    seen = "privately" if prepared.request.logs.private else "where anybody can read its questions and answers"
    uploads = prepared.links.uploads.values()
    lines = [f"would upload {plain(place.name)} to {prepared.links.repo}, {seen}" for place in uploads]
    if prepared.request.logs.space:
        lines.append(f"would show the logs in {desk.uploads.space_address(prepared.request.logs.space)}")
    lines.append(f"would bring {files} by {by} on {desk.repo}")
    return "\n".join(lines)


def _nothing(prepared: Prepared) -> str:
    if prepared.submission.left_out:
        return "nothing to do: all of it is reported already"
    return f"nothing to do: main of {prepared.request.repo} has these very files"


def _withdraw(args: argparse.Namespace, submissions: HubSubmissions) -> ExitCode:
    if args.dry_run:
        print(f"would close {submissions.address(args.withdraw)}")
        return ExitCode.FINE
    submissions.withdraw(args.withdraw, args.comment)
    print(f"closed {submissions.address(args.withdraw)}")
    return ExitCode.FINE


def said(done: Submitted, desk: Desk) -> str:
    """What was done, in one line."""
    match done:
        case Opened(number):
            return f"opened {desk.submissions.address(number)}"
        case Amended(number):
            return f"amended {desk.submissions.address(number)}"
        case Nothing(None):
            return f"nothing to do: main of {desk.repo} has these very files"
        case Nothing(number):
            return f"nothing to do: {desk.submissions.address(int(number or 0))} brings these very files"


def _title(found: Submission) -> str:
    names = dict.fromkeys(entry.entry.dataset.id for entry in entries_of(found.files))
    return plain(f"Add evaluation results: {', '.join(names)}", 200)
