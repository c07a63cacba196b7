"""`evalmark localhub serve DIR`: the embedded Hub, for trying a benchmark before it is pushed."""

import argparse
import threading
from pathlib import Path

from evalmark.errors import ExitCode
from evalmark.localhub import LocalHub, find_repos


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    serve = actions.add_parser(
        "serve",
        help="serve the repos below a folder, read-only, on this machine only",
    )
    serve.add_argument("folder", type=Path, metavar="DIR", help="has models and datasets, each <owner>/<name> below")
    serve.add_argument("--port", type=int, default=0, metavar="N", help="port on 127.0.0.1 (default: a free one)")


def run(args: argparse.Namespace) -> ExitCode:
    """Serve until Ctrl-C; the address is printed once it answers."""
    repos = find_repos(args.folder)
    with LocalHub(repos, port=args.port) as hub:
        print(f"{hub.url}", flush=True)
        for repo in sorted(repos, key=str):
            print(f"    {repo.kind}/{repo.name} at {hub.sha(repo)}", flush=True)
        print(f"Use it with: HF_ENDPOINT={hub.url} inspect eval hf/<owner>/<name>", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return ExitCode.FINE
    return ExitCode.FINE
