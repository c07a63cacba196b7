"""`--runner jobs`: the same command line, on a machine of Hugging Face."""

import argparse
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

from evalmark import __version__, artifact
from evalmark.adapters.artifacts import read_if_there
from evalmark.adapters.hub import HubJobs
from evalmark.adapters.inspect_runner.runner import key_of
from evalmark.cli.settings import HUB, Settings
from evalmark.cli.subjects import Folder, Subject
from evalmark.cli.verify.verification import Request
from evalmark.cli.verify.verifying import HANDED_PLAN
from evalmark.errors import UsageProblem
from evalmark.flows.elsewhere import as_lines, rerun_elsewhere
from evalmark.flows.packed import packed
from evalmark.flows.pull_request import Handed
from evalmark.plan.making import KIND as PLAN_KIND
from evalmark.plan.making import Limits, Plan
from evalmark.ports import JobOrder

HOUR = 3600
SPARE_SECONDS = 900
"""For the machine to start and to install what it needs."""


def on_jobs(args: argparse.Namespace, request: Request, settings: Settings) -> Request:
    """The request, carried out on Jobs. Raises `UsageProblem` for what no other machine could do."""
    subject = request.subject
    if isinstance(subject, Folder):
        raise UsageProblem(
            f"{subject.path} lies on this machine, where no Job of Hugging Face can read it",
            "push it, and name it: evalmark verify owner/name --runner jobs",
        )
    if request.benchmarks or request.weights or request.log:
        raise UsageProblem(
            "a benchmark, weights or a log of this machine cannot be read by a Job of Hugging Face",
            "leave out --benchmark, llamacpp/… and --log, or leave out --runner jobs",
        )
    if not settings.token or not args.job_namespace:
        raise UsageProblem(
            "a Job needs an account that pays for it and a token that may start Jobs",
            "set HF_TOKEN, and give --job-namespace with your name or your organisation's",
        )
    return replace(request, elsewhere=partial(_run, args, request, settings))


def _run(args: argparse.Namespace, request: Request, settings: Settings, plan: Plan, digest: str) -> Handed:
    jobs = HubJobs(settings.endpoint, settings.token, args.job_namespace)
    return rerun_elsewhere(jobs, _order(args, request, settings, plan, digest), _say)


def _order(args: argparse.Namespace, request: Request, settings: Settings, plan: Plan, digest: str) -> JobOrder:
    """The label is the plan's digest: the same plan is the same Job, also for a client that was killed meanwhile."""
    choice = request.terms.choice
    names = request.passed.union(*(key_of(name) for name in (plan.model.spec, choice.grader) if name))
    minutes = request.terms.limits.minutes
    return JobOrder(
        label=digest[:32],
        image=args.job_image,
        command=(*_launcher(args), *_arguments(request.subject, request)),
        flavor=args.job_flavor,
        timeout_seconds=SPARE_SECONDS + (int(minutes * 60 * len(plan.jobs)) if minutes else args.job_hours * HOUR),
        environment={
            HANDED_PLAN: packed(artifact.dumps(PLAN_KIND, plan.model_dump(mode="json"))),
            **({} if settings.endpoint == HUB else {"HF_ENDPOINT": settings.endpoint}),
        },
        secrets={name: settings.environment[name] for name in sorted(names) if name in settings.environment},
    )


def _launcher(args: argparse.Namespace) -> tuple[str, ...]:
    if args.job_command:
        return tuple(args.job_command.split())
    packages = (f"evalmark[verify]=={__version__}", *args.job_with)
    return ("uv", "run", *(part for package in packages for part in ("--with", package)), "evalmark")


def _arguments(subject: Subject, request: Request) -> tuple[str, ...]:
    """The command line that leads there, with the draws of the handed plan, to this very plan."""
    choice = request.terms.choice
    options = [
        *_option("--model", choice.spec),
        *(f"--model-arg={name}={value}" for name, value in choice.args.items()),
        *_option("--model-base-url", choice.base_url),
        *(["--accept-served-model"] if choice.accept_served else []),
        *_option("--grader", choice.grader),
        *(f"--pass-env={name}" for name in sorted(request.passed)),
        *(_limits(request.terms.limits)),
        *(f"--allow={name}{f'@{commit}' if commit else ''}" for name, commit in (request.allowed or {}).items()),
    ]
    generation = [f"--{name}={value}" for name, value in choice.generation.items()]
    after = ["--", *generation] if generation else []
    return ("verify", str(subject), "--hand-over", *options, *after)


def _limits(limits: Limits) -> list[str]:
    return [
        *_option("--samples", limits.samples),
        *_option("--minutes", limits.minutes),
        *([f"--budget={limits.all_tokens}tokens"] if limits.all_tokens else []),
        *_option("--tokens", limits.tokens),
        f"--epochs={limits.epochs}",
        f"--connections={limits.connections}",
        f"--request-seconds={limits.request_seconds}",
    ]


def _option(name: str, value: object) -> list[str]:
    return [] if value is None else [f"{name}={value}"]


def hand_over(out: Path) -> None:
    """Print the artifacts for whoever reads the output of this machine."""
    files = {name: read_if_there(out / name) or "" for name in ("plan.json", "outcome.json")}
    for line in as_lines(files):
        print(line, flush=True)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
