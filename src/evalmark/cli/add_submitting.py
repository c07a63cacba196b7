"""`evalmark add --submit`: the next step in the same command."""

import argparse
import importlib.util

from evalmark.cli.model_repo import ModelRepo
from evalmark.errors import ExitCode, MissingExtra, UsageProblem


def submit_added(args: argparse.Namespace, repo: ModelRepo) -> ExitCode:
    """Propose what was written, with the logs that it was written from."""
    if importlib.util.find_spec("huggingface_hub") is None:
        raise MissingExtra("hub", "add --submit")
    if repo.name is None:
        raise UsageProblem(f"it is not known which model on the Hub {repo.root} is about", "write --repo owner/name")
    from evalmark.cli import submit, submitting  # noqa: PLC0415 - seldom wanted

    parser = argparse.ArgumentParser()
    submit.add_arguments(parser)
    logs = [part for log in args.logs for part in ("--log", log)]
    options = [str(repo.root), "--repo", repo.name, *logs, *(["--yes"] if args.yes else [])]
    return submitting.run(parser.parse_args(options))
