"""`evalmark submit --branch`: for a repo on GitHub, a branch with the scores, ready for a pull request."""

import argparse
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from evalmark.adapters.git.branching import OwnCheckout
from evalmark.adapters.tree.model import results_files
from evalmark.authoring.linking import SOURCE_NAME
from evalmark.authoring.submission import Submission, entries_of
from evalmark.checks.links import OtherClaim
from evalmark.checks.results import RESULTS_FOLDER
from evalmark.cli.asking import NOTHING_DONE, Asker, Question
from evalmark.cli.places import GITHUB, on_github
from evalmark.cli.settings import Settings, read_settings
from evalmark.cli.submit.said import tell_left_out
from evalmark.cli.submit.standing import allowed, linked_in, new_in
from evalmark.errors import CouldNotFinish, ExitCode, UsageProblem
from evalmark.finding import has_error
from evalmark.flows.check import check
from evalmark.formats.parse_results import parse_results
from evalmark.formats.results import Source
from evalmark.report.escape import plain
from evalmark.report.findings_text import findings_as_text
from evalmark.report.submission import IN_CHECKOUT, Brought, description_of

USUAL_BRANCH = "evalmark/scores"
BRANCH = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]|/(?=[A-Za-z0-9])){0,99}")


def run(args: argparse.Namespace) -> ExitCode:
    """Check the files, find out what is new, push one branch with it."""
    settings, asker = read_settings(), Asker(yes=args.yes)
    if args.log or args.log_space:
        raise UsageProblem("--branch uploads no logs", "give --log-url with the address of a log that is on the web")
    local = results_files(args.folder)
    findings = check(local, datetime.now(UTC).date())
    shown = findings_as_text(findings, files=local, colour=settings.colour and sys.stderr.isatty())
    print(shown, end="", file=sys.stderr)
    if has_error(findings):
        return ExitCode.FOUND
    own, branch = OwnCheckout(args.folder), _branch(args.branch)
    main, base = own.base()
    if branch == main:
        raise UsageProblem(f"`{branch}` is the main branch, and a proposal is not pushed to it", "name another branch")
    ours = own.tip(branch)
    on_main = _results(own, base)
    others = (
        *(OtherClaim(each.place.path, each) for each in entries_of(on_main)),
        *_proposed(own, base, ours, settings),
    )
    found = new_in(local, on_main, others)
    if args.log_url:
        source = Source(url=args.log_url, name=SOURCE_NAME)
        found = new_in(linked_in(local, [each.entry for each in found.brought], source), on_main, others)
    tell_left_out(found)
    if not found.files:
        print("nothing to do: all of it is reported already")
        return ExitCode.FINE
    allowed(found, asker, contradict=args.contradict)
    return _push(args, asker, own, _Target(branch, own.goes_on(ours, base)), found)


def _branch(name: str) -> str:
    if name and (not BRANCH.fullmatch(name) or ".." in name or name.endswith((".lock", "."))):
        raise UsageProblem(f"`--branch {plain(name)}` is no name for a branch", "write letters, digits, - and /")
    return name or USUAL_BRANCH


def _results(own: OwnCheckout, commit: str) -> dict[str, bytes]:
    """The results files of the model's folder at a commit, by path inside that folder."""
    found = own.commits.folder(commit, f"{own.prefix}{RESULTS_FOLDER}")
    return {path.removeprefix(own.prefix): content for path, content in found.items() if path.endswith(".yaml")}


def _proposed(own: OwnCheckout, base: str, ours: str | None, settings: Settings) -> Iterator[OtherClaim]:
    """What open pull requests on GitHub report besides. Where GitHub cannot be asked, that is said."""
    host = urlsplit(settings.environment.get("GITHUB_SERVER_URL", GITHUB)).hostname
    repository = own.repository
    if repository is None or repository[0] != host:
        print(f"the remote is not on {host}, so open pull requests are not looked at", file=sys.stderr)
        return
    try:
        place = on_github(repository[1], settings)
        heads, commits = place.heads(), place.commits()
    except CouldNotFinish as problem:
        print(f"open pull requests could not be looked at: {plain(problem.message, 300)}", file=sys.stderr)
        return
    main = _results(own, base)
    for pull in heads.states:
        head = heads.refs.get(f"refs/pull/{pull.number}")
        if pull.state != "open" or head is None or head == ours:
            continue
        for path, content in commits.folder(head, f"{own.prefix}{RESULTS_FOLDER}").items():
            inside = path.removeprefix(own.prefix)
            if main.get(inside) != content:
                yield from (OtherClaim(inside, each, pull.number) for each in parse_results(inside, content).entries)


class _Target(NamedTuple):
    """A branch, and the commits that it goes on from, the first with the files."""

    branch: str
    parents: tuple[str, ...]


def _push(args: argparse.Namespace, asker: Asker, own: OwnCheckout, target: _Target, found: Submission) -> ExitCode:
    there = _results(own, target.parents[0])
    if all(there.get(path) == content for path, content in found.files.items()):
        print(f"nothing to do: the branch {target.branch} has these very files")
        return ExitCode.FINE
    files = ", ".join(map(plain, found.files))
    if args.dry_run or asker.terminal:
        print(f"would push {files} to the branch {target.branch} of {plain(own.address)}")
    if args.dry_run or (asker.terminal and not asker.confirm(Question("Do it", "--yes"), default=True)):
        print(NOTHING_DONE, file=sys.stderr)
        return ExitCode.FINE
    names = ", ".join(dict.fromkeys(each.entry.entry.dataset.id for each in found.brought))
    title = args.title or plain(f"Add evaluation results: {names}", 100)
    words = description_of(IN_CHECKOUT, [Brought(each) for each in found.brought], args.description)
    content = {f"{own.prefix}{path}": body for path, body in found.files.items()}
    own.push(own.commit(target.parents, content, f"{title}\n\n{words}"), target.branch)
    print(f"pushed the branch {target.branch}{_where(own, target.branch)}")
    return ExitCode.FINE


def _where(own: OwnCheckout, branch: str) -> str:
    """The page on which a pull request is opened, for a repo that has one."""
    repository = own.repository
    if repository is None:
        return ""
    host, name = repository
    return f"; open the pull request at https://{host}/{name}/compare/{quote(branch, safe='')}?expand=1"
