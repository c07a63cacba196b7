"""What is submitted: read from the options, or from a line of a batch."""

import argparse
from dataclasses import dataclass
from pathlib import Path

from evalmark.adapters.tree.model import remote_name_of
from evalmark.cli import options
from evalmark.errors import UsageProblem


@dataclass(frozen=True, slots=True)
class LogChoice:
    """Logs of this machine, and where they go; or the address of logs that are on the web."""

    logs: tuple[str, ...] = ()
    repo: str | None = None
    private: bool = False
    space: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class SubmitRequest:
    """The scores of a folder, for a model on the Hub."""

    folder: Path
    repo: str
    logs: LogChoice = LogChoice()
    title: str | None = None
    description: str = ""
    contradict: bool = False
    again: bool = False


def request_of(args: argparse.Namespace) -> SubmitRequest:
    """What the options say. Raises `UsageProblem`."""
    name = args.repo or remote_name_of(args.folder)
    if name is None:
        raise UsageProblem(f"it is not known which model on the Hub {args.folder} is about", "write --repo owner/name")
    for given, option in ((args.log_repo, "--log-repo"), (args.log_space, "--log-space")):
        if given:
            options.repo_name(given, option)
    return SubmitRequest(
        folder=args.folder,
        repo=options.repo_name(name, "--repo"),
        logs=LogChoice(tuple(args.log), args.log_repo, args.log_private, args.log_space, args.log_url),
        title=args.title,
        description=args.description,
        contradict=args.contradict,
        again=args.again,
    )
