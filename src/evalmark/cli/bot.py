"""Deal with one pull request on the Hub without anybody looking on: verify what it claims anew, and answer."""

import argparse
from dataclasses import dataclass
from pathlib import Path

from evalmark.adapters.artifacts import make_folder
from evalmark.cli import options
from evalmark.cli.answering import say_on_hub
from evalmark.cli.hub_names import OnHub
from evalmark.cli.settings import Settings
from evalmark.cli.verify.verification import carry_out
from evalmark.cli.verify.verifying import request_of
from evalmark.errors import UsageProblem
from evalmark.report.summary import counted

ANY_REPO = "{repo}"


@dataclass(frozen=True, slots=True)
class Bot:
    """How pull requests are dealt with: the options of the command."""

    args: argparse.Namespace
    settings: Settings
    dry_run: bool

    def deal_with(self, name: OnHub, out: Path) -> str:
        """Verify and answer; what came of it, in a few words. Raises what verifying and answering raise."""
        args = argparse.Namespace(**{**vars(self.args), "model": model_for(name, self.args.model), "out": out})
        done = carry_out(request_of(args, name, self.settings), self.settings, make_folder(out), "text")
        if done.proposal is None:
            raise UsageProblem(f"{name} is no pull request", "name one: owner/name#12")
        posted = say_on_hub(
            done.proposal, name.repo, done.verified.verdicts, done.findings, self.settings, dry_run=self.dry_run
        )
        said = "nothing was said" if posted.comment is None else "answered"
        return f"{counted(done.verified.verdicts)}; {said}"


def bot_of(args: argparse.Namespace, settings: Settings) -> Bot:
    """A bot with the command's options. Raises `UsageProblem`."""
    if not settings.token and not args.dry_run:
        raise UsageProblem(
            "there is no Hub token, so nothing can be said on pull requests",
            "set HF_TOKEN to a token that may take part in discussions, or add --dry-run",
        )
    options.passed_unattended(args.pass_env, "--pass-env")
    return Bot(args, settings, args.dry_run)


def model_for(name: OnHub, model: str | None) -> str | None:
    """`vllm/{repo}` stands for each claimed repo as it is served by its own name."""
    return model.replace(ANY_REPO, name.repo) if model else None
