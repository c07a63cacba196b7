"""`evalmark localhub serve DIR`: the embedded Hub, for trying a benchmark or a pull request before it is public."""

import argparse
import threading
from pathlib import Path

from evalmark.errors import ExitCode
from evalmark.localhub import LocalHub, find_repos
from evalmark.localhub.users_file import read_users

_STATE = ".localhub"
_TICK_SECONDS = 1.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    serve = actions.add_parser(
        "serve",
        help="serve the repos below a folder, to this machine only",
        description="Serves the repos below a folder over the Hub's own HTTP API, to this machine only. Commits, pull "
        "requests and comments are kept: in bare git repositories where they are, all else in DIR/.localhub. Folders "
        "and work trees are never written.",
    )
    serve.add_argument("folder", type=Path, metavar="DIR", help="has models and datasets, each <owner>/<name> below")
    serve.add_argument("--port", type=int, default=0, metavar="N", help="port on 127.0.0.1 (default: a free one)")
    serve.add_argument(
        "--users", type=Path, metavar="FILE", help="who may do what (default: any token is the owner of everything)"
    )
    serve.add_argument("--read-only", action="store_true", help="take no commit, pull request or comment")


def run(args: argparse.Namespace) -> ExitCode:
    """Serve until Ctrl-C; the address is printed once it answers."""
    repos = find_repos(args.folder)
    users = read_users(args.users) if args.users is not None else None
    state: Path | None = args.folder / _STATE
    if args.read_only and not (args.folder / _STATE).is_dir():
        state = None
    with LocalHub(repos, port=args.port, state=state, users=users, read_only=args.read_only) as hub:
        print(f"{hub.url}", flush=True)
        for repo in hub.repos:
            print(f"    {repo.kind}/{repo.name} at {hub.sha(repo)}", flush=True)
        print(f"Use it with: HF_ENDPOINT={hub.url} inspect eval hf/<owner>/<name>", flush=True)
        try:
            # In ticks: a signal that comes just before a wait without an end would only be seen at its end.
            while not threading.Event().wait(_TICK_SECONDS):
                pass
        except KeyboardInterrupt:
            return ExitCode.FINE
    return ExitCode.FINE
