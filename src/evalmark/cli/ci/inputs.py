"""The action's inputs as what they mean. `NAMES` is what action.yml has; a test holds the two together."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from evalmark.cli import options
from evalmark.cli.ci.reading import Reader
from evalmark.comment import KEY
from evalmark.plan.allowed import Allowed, parse_allowed
from evalmark.plan.identity import ModelChoice
from evalmark.plan.making import Limits
from evalmark.report.overall import NONE, WORDS
from evalmark.review import COMMIT

NAMES = (
    *("mode", "path", "pull-request", "head-sha", "hub-repo", "model", "model-args", "model-base-url"),
    *("accept-served-model", "grader", "generation", "pass-env", "requirements", "benchmarks"),
    *("samples", "tokens", "minutes", "entries", "connections", "fail-on", "comment", "comment-key", "comment-author"),
    *("status", "status-context", "annotations", "online", "report-path", "github-token", "hf-token"),
    *("signing-key", "signed-by", "attest"),
)
MINUTES, ENTRIES = 330, 20
NUMBER = re.compile(r"[1-9][0-9]{0,9}")
FOLDER = re.compile(r"(?!.*(^|/)\.\.?(/|$))[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*")
LOGIN = re.compile(r"[A-Za-z0-9-]{1,60}(\[bot\])?")
NAME = re.compile(r"[A-Za-z0-9][\w .,:/@'()&+-]{0,99}", re.ASCII)
CONTEXT = re.compile(r"[ -~]{1,100}")


@dataclass(frozen=True, slots=True)
class Say:
    """Where and when something is said."""

    comment: str
    key: str
    author: str
    status: str
    context: str
    annotations: bool


@dataclass(frozen=True, slots=True)
class Sign:
    """In whose name receipts are signed (empty: the repository's), and whether GitHub attests them as well."""

    name: str
    attest: bool


@dataclass(frozen=True, slots=True)
class Inputs:
    """All inputs. `root` is the model repo's folder in the repository: empty, or with a slash at its end."""

    mode: str
    root: str
    pull_request: int | None
    head: str | None
    hub_repo: str | None
    choice: ModelChoice
    passed: frozenset[str]
    allowed: Allowed
    limits: Limits
    fail_on: frozenset[str]
    say: Say
    online: bool
    sign: Sign
    report_path: Path
    github_token: str = field(repr=False)


def read_inputs(environment: Mapping[str, str], temp: Path) -> Inputs:
    """Read all inputs. Raises `UsageProblem` for the first that is not what it must be."""
    read = Reader(environment, NAMES)
    number = read.matching("pull-request", NUMBER, "pull-request: 12")
    folder = read.matching("path", FOLDER, "path: models/acme-7b", ".") if read.text("path") not in ("", ".") else ""
    hub_repo = read.text("hub-repo")
    return Inputs(
        mode=read.choice("mode", ("auto", "validate", "rerun", "report"), "auto"),
        root=f"{folder}/" if folder else "",
        pull_request=int(number) if number else None,
        head=read.matching("head-sha", COMMIT, "head-sha: with all 40 hex digits of the commit") or None,
        hub_repo=options.repo_name(hub_repo, "hub-repo") if hub_repo else None,
        choice=_choice(read),
        passed=_passed(read),
        allowed=parse_allowed(read.lines("benchmarks")),
        limits=_limits(read),
        fail_on=read.words("fail-on", tuple(word for word in WORDS if word != NONE), "invalid,mismatch"),
        say=_say(read),
        online=read.flag("online", default=True),
        sign=Sign(read.matching("signed-by", NAME, "signed-by: acme"), read.flag("attest", default=False)),
        report_path=Path(read.text("report-path", str(temp / "evalmark-report"))),
        github_token=environment.get("GITHUB_TOKEN", "").strip(),
    )


def _choice(read: Reader) -> ModelChoice:
    return ModelChoice(
        spec=read.text("model") or None,
        accept_served=read.flag("accept-served-model", default=False),
        args=options.key_values(read.lines("model-args"), "model-args"),
        base_url=read.text("model-base-url") or None,
        generation=options.generation_options([f"--{line}" for line in read.lines("generation")]),
        grader=read.text("grader") or None,
    )


def _passed(read: Reader) -> frozenset[str]:
    return options.passed_unattended(read.lines("pass-env"), "pass-env")


def _limits(read: Reader) -> Limits:
    return Limits(
        samples=read.number("samples"),
        all_tokens=read.number("tokens"),
        minutes=read.number("minutes", MINUTES),
        entries=read.number("entries", ENTRIES),
        connections=read.number("connections", 1) or 1,
    )


def _say(read: Reader) -> Say:
    return Say(
        comment=read.choice("comment", ("auto", "always", "on-problem", "never"), "auto"),
        key=read.matching("comment-key", KEY, "comment-key: acme-7b", "default"),
        author=read.matching("comment-author", LOGIN, "comment-author: github-actions[bot]", "github-actions[bot]"),
        status=read.choice("status", ("auto", "always", "never"), "auto"),
        context=read.matching("status-context", CONTEXT, "status-context: evalmark / verify", "evalmark / verify"),
        annotations=read.flag("annotations", default=True),
    )
