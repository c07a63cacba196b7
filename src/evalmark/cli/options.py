"""Options as people write them, read into what they mean."""

import json
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from difflib import get_close_matches
from pathlib import Path

from evalmark.errors import UsageProblem
from evalmark.plan.identity import Scalar
from evalmark.verdict import Answer

REPO_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}/[A-Za-z0-9][A-Za-z0-9._-]{0,95}")


def repo_name(text: str, option: str) -> str:
    """`owner/name`, else `UsageProblem`."""
    if not REPO_NAME.fullmatch(text):
        raise UsageProblem(f"`{option} {text}`: a repo is named owner/name", f"write for example {option} acme/model")
    return text


def benchmark_folders(options: Iterable[str]) -> dict[str, Path]:
    """`owner/name=DIR` options: dataset id → folder."""
    folders: dict[str, Path] = {}
    for option in options:
        name, equals, folder = option.partition("=")
        if not equals or not folder:
            raise UsageProblem(f"`--benchmark {option}` has no folder", "write --benchmark owner/name=DIR")
        if not (Path(folder) / "eval.yaml").is_file():
            raise UsageProblem(
                f"`--benchmark {option}`: {folder} has no eval.yaml at its root, so it is not a benchmark",
                "give the root of a benchmark's dataset repo",
            )
        folders[repo_name(name, "--benchmark")] = Path(folder)
    return folders


def unused(given: Iterable[str], claimed: Iterable[str]) -> None:
    """Raise `UsageProblem` for a benchmark that no claim is about: it is most likely misspelt."""
    known = sorted(set(claimed))
    for name in given:
        if name not in known:
            close = get_close_matches(name, known, n=1)
            hint = f"did you mean `{close[0]}`?" if close else f"the claims are about {', '.join(known) or 'nothing'}"
            raise UsageProblem(
                f"no claim is about the benchmark `{name}`: {hint}", "write the dataset id of the claims"
            )


VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,100}")
# What a process that runs a model must not see, even if somebody names it: rights to write, and the runner's own.
NEVER_PASSED = re.compile(r"(GITHUB|ACTIONS|RUNNER|EVALMARK|HF|HUGGING_FACE|HUGGINGFACE)_.*", re.IGNORECASE)

BUDGET = re.compile(r"([0-9]+(?:\.[0-9]+)?)([kM]?) ?(samples?|tokens?|minutes?|min|)")
TIMES = {"": 1, "k": 1000, "M": 1_000_000}


def budget(options: Iterable[str]) -> dict[str, float]:
    """`--budget` options: `samples`, `tokens` and `minutes` → the most that one rerun may take."""
    limits: dict[str, float] = {}
    for option in options:
        match = BUDGET.fullmatch(option)
        amount = float(match[1]) * TIMES[match[2]] if match else 0
        if match is None or amount <= 0:
            raise UsageProblem(f"`--budget {option}` is no budget", "write --budget 500samples, 2Mtokens or 30minutes")
        unit = {"": "samples", "min": "minutes"}.get(match[3], f"{match[3].removesuffix('s')}s")
        limits[unit] = amount
    return limits


def key_values(options: Iterable[str], option: str) -> dict[str, Scalar]:
    """`name=value` options; a value that is a JSON number, true, false or null is read as such, else as text."""
    read: dict[str, Scalar] = {}
    for item in options:
        name, equals, value = item.partition("=")
        if not equals or not name:
            raise UsageProblem(f"`{option} {item}` is not name=value", f"write for example {option} device=cpu")
        read[name.replace("-", "_")] = scalar(value)
    return read


def generation_options(words: list[str]) -> dict[str, Scalar]:
    """What stands after `--`: `--temperature 0 --max-tokens 32` or `--temperature=0`, as Inspect names it."""
    read: dict[str, Scalar] = {}
    rest = list(words)
    while rest:
        word = rest.pop(0)
        name, equals, value = word.removeprefix("--").partition("=")
        if not word.startswith("--") or not name or not (equals or rest):
            raise UsageProblem(f"`{word}` after `--` is not an option with a value", "write -- --temperature 0")
        read[name.replace("-", "_")] = scalar(value if equals else rest.pop(0))
    if "seed" in read:
        raise UsageProblem(
            "`--seed` would be sent with every sample, and samples that share a seed share their luck",
            "leave it out: two runs differ by chance, and the margins know how far",
        )
    return read


def passed_unattended(names: Iterable[str], option: str) -> frozenset[str]:
    """Variables that a model's process may see where nobody looks on. Raises `UsageProblem` for one that may write."""
    found = frozenset(names)
    for name in sorted(found):
        if not VARIABLE.fullmatch(name) or NEVER_PASSED.fullmatch(name):
            raise UsageProblem(
                f"`{option}` names {name!r}, which a process that runs a model does not get",
                "name variables of the model's provider, for example ACME_API_KEY",
            )
    return found


def scalar(text: str) -> Scalar:
    """A number, true, false or null if it is one in JSON, else the text itself."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, (str, int, float, bool)) or value is None else text


def answers(text: str) -> frozenset[Answer]:
    """`--fail-on`: verdicts separated by commas, or `never`."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    if names == ["never"]:
        return frozenset()
    for name in names:
        if name not in [answer.value for answer in Answer]:
            allowed = ", ".join(answer.value for answer in Answer)
            raise UsageProblem(f"`--fail-on {name}` is not a verdict", f"write some of: {allowed}; or never")
    return frozenset(Answer(name) for name in names)


def day(text: str, option: str) -> datetime:
    """The beginning of a day in UTC, else `UsageProblem`."""
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError as error:
        raise UsageProblem(f"`{option} {text}` is no day", f"write it as {option} 2026-01-31") from error
