"""How long GitHub wants us to wait, told by an answer's status and headers.

Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api and its best practices.
"""

import re
from collections.abc import Mapping

TOO_MANY_REQUESTS = 429
FORBIDDEN = 403
SERVER_TROUBLE = range(500, 600)
# GitHub's advice for a limit that names no time.
UNTOLD_SECONDS = 60.0
# Seconds before the second and the third try after the service's own trouble.
BACKOFF_SECONDS = (1.0, 4.0)

_DIGITS = re.compile(r"[0-9]{1,12}")


def is_limit(status: int, headers: Mapping[str, str], said: str) -> bool:
    """Whether an answer means "later" and not "never": GitHub says both by 403."""
    if status == TOO_MANY_REQUESTS:
        return True
    if status != FORBIDDEN:
        return False
    return "retry-after" in headers or headers.get("x-ratelimit-remaining") == "0" or "rate limit" in said.lower()


def seconds_of_limit(headers: Mapping[str, str], now: float) -> float:
    """How long a limit holds from `now` (both in seconds, `now` since 1970). Header names are lower case."""
    if (told := _whole(headers.get("retry-after"))) is not None:
        return float(told)
    reset = _whole(headers.get("x-ratelimit-reset"))
    if headers.get("x-ratelimit-remaining") == "0" and reset is not None:
        return max(1.0, reset - now)
    return UNTOLD_SECONDS


def seconds_of_trouble(headers: Mapping[str, str], tries: int) -> float:
    """How long to wait after the service's own trouble, when so many tries have failed (from 1)."""
    told = _whole(headers.get("retry-after"))
    return float(told) if told is not None else BACKOFF_SECONDS[min(tries, len(BACKOFF_SECONDS)) - 1]


def _whole(text: str | None) -> int | None:
    return int(text) if text is not None and _DIGITS.fullmatch(text.strip()) else None
