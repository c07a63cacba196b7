"""What `evalmark check` does once its arguments are read."""

import argparse
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from evalmark import __version__
from evalmark.adapters.tree.checked import CheckedFiles, checked_files
from evalmark.checks.places import BENCHMARK_FILE, place_findings
from evalmark.cli.check.settings import CheckSettings, check_settings
from evalmark.cli.hub_names import OnHub, hub_name
from evalmark.cli.settings import read_settings
from evalmark.errors import ExitCode, UsageProblem
from evalmark.finding import Finding, Severity, by_place
from evalmark.flows.check import Checked, check_with_entries
from evalmark.report.findings import FORMATS, Shown

STDIN = "-"


def run(args: argparse.Namespace) -> ExitCode:
    """Check, mend if asked, print; an error makes the exit code 1, with --strict a warning too."""
    if args.explain is not None:
        return _explain(args.explain)
    settings = check_settings(args, Path())
    repos = _repos(args)
    if args.fix or args.diff:
        from evalmark.cli.check import fix  # noqa: PLC0415 - seldom wanted, and the start must be light

        if args.diff:
            changes = "".join(fix.difference(repo, settings) for repo in repos)
            print(changes, end="")
            return ExitCode.FOUND if changes else ExitCode.FINE
        repos = tuple(fix.mend_repo(repo, settings) for repo in repos)
    findings = _findings(repos, settings, args)
    files = {path: content for repo in repos for path, content in repo.files.items()}
    colour = sys.stdout.isatty() and read_settings().colour
    print(FORMATS[args.format](findings, Shown(__version__, files, colour)), end="")
    wrong = {Severity.ERROR, Severity.WARNING} if settings.strict else {Severity.ERROR}
    return ExitCode.FOUND if any(finding.severity in wrong for finding in findings) else ExitCode.FINE


def _repos(args: argparse.Namespace) -> tuple[CheckedFiles, ...]:
    if STDIN not in args.paths:
        return (*_on_hub(args), *checked_files([Path(path) for path in args.paths if not _is_on_hub(path)]))
    if args.paths != [STDIN] or args.fix:
        raise UsageProblem("standard input is checked alone, and not mended", "write: evalmark check -")
    return (CheckedFiles("", {args.stdin_name: sys.stdin.buffer.read()}, ()),)


def _is_on_hub(path: str) -> bool:
    return "/" in path and not os.path.lexists(path) and hub_name(path) is not None


def _on_hub(args: argparse.Namespace) -> Iterator[CheckedFiles]:
    """Repos of the Hub. What the user cannot mean: to mend them."""
    for path in args.paths:
        if not _is_on_hub(path):
            continue
        if args.fix or args.diff:
            raise UsageProblem(f"{path} lies on the Hub, where nothing is mended", "clone it, and mend it there")
        from evalmark.cli.check.hub import files_on_hub  # noqa: PLC0415 - heavy, and most files lie here

        yield files_on_hub(cast("OnHub", hub_name(path)))


def _findings(
    repos: tuple[CheckedFiles, ...], settings: CheckSettings, args: argparse.Namespace
) -> tuple[Finding, ...]:
    with_facts = args.online or bool(args.benchmark) or args.lock is not None
    checked = [(Path(repo.root), check_repo(repo, settings, keep_entries=with_facts)) for repo in repos]
    findings = [finding for _, each in checked for finding in each.findings]
    if with_facts:
        from evalmark.cli.check.facts import fact_findings  # noqa: PLC0415 - the Hub's client is heavy and optional

        findings += [finding for finding in fact_findings(checked, args) if settings.selection.keeps(finding)]
    findings += [finding for finding in _said_by_hub(args) if settings.selection.keeps(finding)]
    return by_place(findings)


def _said_by_hub(args: argparse.Namespace) -> Iterator[Finding]:
    for name in map(hub_name, filter(_is_on_hub, args.paths)):
        from evalmark.cli.check.hub import findings_of_hub  # noqa: PLC0415 - heavy, and most files lie here

        if name is not None:
            yield from findings_of_hub(name)


def check_repo(repo: CheckedFiles, settings: CheckSettings, *, keep_entries: bool) -> Checked:
    """The findings of one repo: in its files, and about where they stand."""
    today = datetime.now(UTC).date()
    checked = check_with_entries(
        repo.files, today, selected=settings.selection, dataset_id=_dataset_id(repo), keep_entries=keep_entries
    )
    placed = (_below(repo.root, finding) for finding in place_findings(repo.listing, is_dataset=repo.is_dataset))
    findings = (*checked.findings, *(finding for finding in placed if settings.selection.keeps(finding)))
    return Checked(by_place(findings), checked.entries)


def _dataset_id(repo: CheckedFiles) -> str | None:
    """The name of a benchmark's repo, from its git remote."""
    if f"{repo.root}{BENCHMARK_FILE}" not in repo.files:
        return None
    from evalmark.adapters.tree.model import remote_name_of  # noqa: PLC0415 - only a benchmark's name matters

    return remote_name_of(Path(repo.root))


def _below(root: str, finding: Finding) -> Finding:
    return finding._replace(place=finding.place._replace(path=f"{root}{finding.place.path}"))


def _explain(rule: str) -> ExitCode:
    from evalmark.checks.pages import page_of  # noqa: PLC0415 - seldom wanted

    print(page_of(rule), end="")
    return ExitCode.FINE
