"""What a Hub, or the network before it, can do to its client; and what is said of it."""

import time
from collections.abc import Callable
from typing import TypeVar

import httpx2
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from evalmark.errors import CouldNotFinish, EvalmarkError, Forbidden, UsageProblem
from evalmark.facts import BenchmarkMissing

# An answer that is no JSON, or not the JSON that it promises, included.
TROUBLE = (HfHubHTTPError, httpx2.HTTPError, OSError, ValueError, KeyError, TypeError, AttributeError)
NOT_FOUND = 404
LIMITED = 429
PASSING = frozenset({408, 429, 500, 502, 503, 504})
LONGEST_WAIT = 120.0  # seconds, of all waits for one answer
TRIES = 4
T = TypeVar("T")


def patiently(ask: Callable[[], T], sleep: Callable[[float], None] = time.sleep) -> T:
    """Ask again after trouble that passes: a full limit, a server that stumbles, a dropped connection.

    Only for what may be done twice. Raises the last trouble as it is.
    """
    left = LONGEST_WAIT
    for attempt in range(1, TRIES):
        try:
            return ask()
        except (HfHubHTTPError, httpx2.TransportError) as error:
            wait = _wait_after(error, attempt)
            if wait is None or wait > left:
                raise
            left -= wait
            sleep(wait)
    return ask()


def _wait_after(error: Exception, attempt: int) -> float | None:
    """Seconds until it is worth asking again; None if it never is."""
    response = getattr(error, "response", None)
    if response is None:
        return float(2 ** (attempt - 1)) if isinstance(error, httpx2.TransportError) else None
    if response.status_code not in PASSING:
        return None
    told = _told(response.headers)
    return told if told is not None else float(2 ** (attempt - 1))


def _told(headers: httpx2.Headers) -> float | None:
    """`Retry-After: 5`, or the part `t=55` of `ratelimit: "api";r=0;t=55` (draft-ietf-httpapi-ratelimit-headers)."""
    parts = (part.strip() for part in headers.get("ratelimit", "").split(";"))
    reset = next((part[2:] for part in parts if part.startswith("t=")), "")
    for text in (headers.get("retry-after", ""), reset):
        if text.isascii() and text.isdigit() and len(text) < 9:
            return float(text)
    return None


def in_words(error: Exception, what: str, endpoint: str) -> EvalmarkError:
    """One sentence on why `what` could not be had or done, and one on what to do."""
    status = error.response.status_code if isinstance(error, HfHubHTTPError) else None
    match error:
        case GatedRepoError():
            return Forbidden(f"{what}: the repo is gated", "ask for access on its page, then set HF_TOKEN")
        case RepositoryNotFoundError() | HFValidationError():
            return UsageProblem(
                f"{what}: there is no such repo at {endpoint}", "check its name; if it is private, set HF_TOKEN"
            )
        case RevisionNotFoundError():
            return UsageProblem(f"{what}: the repo has no such revision", "name a branch, a pull request or a commit")
    if status in (401, 403):
        return Forbidden(
            f"{what}: {endpoint} does not allow it ({said(error)})",
            "set HF_TOKEN to a token that may; for comments it needs the right to take part in discussions",
        )
    return no_answer(what, endpoint, error)


def no_answer(what: str, endpoint: str, error: Exception) -> CouldNotFinish:
    """`what` could not be looked up or done, for a reason that may pass."""
    return CouldNotFinish(f"{what} could not be looked up at {endpoint}: {said(error)}", "check the network")


def says_that_nothing_is_there(error: Exception) -> bool:
    """Whether the Hub answered, and that there is no such thing."""
    return isinstance(error, HfHubHTTPError) and error.response.status_code == NOT_FOUND


def said(error: Exception) -> str:
    """The first line of what the client says."""
    lines = str(error).strip().splitlines()
    return lines[0][:200] if lines else type(error).__name__


def missing_benchmark(where: str, endpoint: str, error: Exception) -> BenchmarkMissing:
    """Why a benchmark could not be had."""
    match error:
        case GatedRepoError():
            return BenchmarkMissing(
                f"the benchmark {where} is gated", "ask for access on its page, then set HF_TOKEN", surely=False
            )
        case RevisionNotFoundError():
            return BenchmarkMissing(
                f"the benchmark {where} has no such revision", "name a commit that the benchmark has", surely=True
            )
        case RepositoryNotFoundError() | HFValidationError():
            return BenchmarkMissing(
                f"there is no benchmark {where} at {endpoint}",
                "check its name; if it is private, set HF_TOKEN; if it lies on this machine, give it with "
                "--benchmark owner/name=DIR",
                surely=True,
            )
        case _:
            return BenchmarkMissing(
                f"the benchmark {where} could not be looked up at {endpoint}: {said(error)}",
                "check the network, or give the benchmark with --benchmark owner/name=DIR",
                surely=False,
            )
