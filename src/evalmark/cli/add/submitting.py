"""`evalmark add --submit`: the next step in the same command."""

import argparse
import importlib.util

from evalmark.cli.model_repo import ModelRepo
from evalmark.cli.settings import Settings
from evalmark.errors import ExitCode, MissingExtra, UsageProblem


def ready_to_submit(repo: ModelRepo, settings: Settings) -> None:
    """Raise, before anything is asked or written, what would be in the way of proposing it."""
    if importlib.util.find_spec("huggingface_hub") is None:
        raise MissingExtra("hub", "add --submit")
    if repo.name is None:
        raise UsageProblem(f"it is not known which model on the Hub {repo.root} is about", "write --repo owner/name")
    from evalmark.cli.submit.submitting import desk_of  # noqa: PLC0415 - the Hub's client is heavy and optional

    desk_of(settings, repo.name)


def submit_added(args: argparse.Namespace, repo: ModelRepo) -> ExitCode:
    """Propose what was written, with the logs that it was written from."""
    from evalmark.cli import submit  # noqa: PLC0415 - as above
    from evalmark.cli.submit import submitting  # noqa: PLC0415

    parser = argparse.ArgumentParser()
    submit.add_arguments(parser)
    given = [f"--repo={repo.name}", *(f"--log={log}" for log in args.logs), *(["--yes"] if args.yes else [])]
    return submitting.run(parser.parse_args([*given, "--", str(repo.root)]))
