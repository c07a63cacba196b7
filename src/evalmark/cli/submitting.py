"""What `evalmark submit` does once its arguments are read."""

import argparse
import sys
from collections.abc import Mapping
from datetime import UTC, datetime

from evalmark.adapters.hub import HubClient, HubReviews, HubSubmissions
from evalmark.adapters.tree.model import remote_name_of, results_files
from evalmark.cli import options
from evalmark.cli.settings import Settings, read_settings
from evalmark.errors import ExitCode, UsageProblem
from evalmark.finding import has_error
from evalmark.flows.check import check
from evalmark.flows.submit import Amended, Nothing, Opened, Submitted, decide, submit
from evalmark.flows.verify import claimed_in
from evalmark.report.escape import plain
from evalmark.report.findings_text import findings_as_text


def run(args: argparse.Namespace) -> ExitCode:
    """Refuse files with errors; then do it, or with `--dry-run` only say it."""
    settings = read_settings()
    repo = _repo(args)
    if not settings.token:
        raise UsageProblem(
            "there is no Hub token, so nobody would know whose pull request it is",
            "set HF_TOKEN to a token that may open pull requests",
        )
    submissions = HubSubmissions(settings.endpoint, settings.token, repo)
    if args.withdraw is not None:
        return _withdraw(args, submissions)
    files = results_files(args.folder)
    findings = check(files, datetime.now(UTC).date())
    print(
        findings_as_text(findings, files=files, colour=settings.colour and sys.stderr.isatty()), file=sys.stderr, end=""
    )
    if has_error(findings):
        return ExitCode.FOUND
    return _submit(args, settings, repo, files, submissions)


def _repo(args: argparse.Namespace) -> str:
    name = args.repo or remote_name_of(args.folder)
    if name is None:
        raise UsageProblem(f"it is not known which model on the Hub {args.folder} is about", "write --repo owner/name")
    return options.repo_name(name, "--repo")


def _withdraw(args: argparse.Namespace, submissions: HubSubmissions) -> ExitCode:
    if args.dry_run:
        print(f"would close {submissions.address(args.withdraw)}")
        return ExitCode.FINE
    submissions.withdraw(args.withdraw, args.comment)
    print(f"closed {submissions.address(args.withdraw)}")
    return ExitCode.FINE


def _submit(
    args: argparse.Namespace, settings: Settings, repo: str, files: Mapping[str, bytes], submissions: HubSubmissions
) -> ExitCode:
    main = HubClient(settings.endpoint, settings.cache / "hub", settings.token).model(repo, "main").revision
    reviews = HubReviews(settings.endpoint, settings.cache / "hub", settings.token, repo)
    if args.dry_run:
        what = decide(files, main, reviews, submissions)
        done = f"pull request {what.number}" if what.number else "a new pull request"
        brought = ", ".join(map(plain, what.files)) or "nothing"
        print("nothing to do: all is there" if what.is_there else f"would bring {brought} by {done} on {repo}")
        return ExitCode.FINE
    done_now = submit(files, main, reviews, submissions, args.title or _title(files), args.description)
    print(_said(done_now, submissions, repo))
    return ExitCode.FINE


def _said(done: Submitted, submissions: HubSubmissions, repo: str) -> str:
    match done:
        case Opened(number):
            return f"opened {submissions.address(number)}"
        case Amended(number):
            return f"amended {submissions.address(number)}"
        case Nothing(None):
            return f"nothing to do: main of {repo} has these very files"
        case Nothing(number):
            return f"nothing to do: {submissions.address(int(number or 0))} brings these very files"


def _title(files: Mapping[str, bytes]) -> str:
    names = dict.fromkeys(entry.entry.dataset.id for entry in claimed_in(files).entries)
    return plain(f"Add evaluation results: {', '.join(names)}", 200)
