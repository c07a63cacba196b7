"""What can go wrong with the real Hub, on demand: limits, stumbles, slowness, lost replies."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from evalmark.localhub.message import HANG_UP, Request, Response, error_response
from evalmark.localhub.state import HubState
from evalmark.localhub.tokens import token_of

WINDOW_SECONDS = 300
Kind = Literal["status", "reset", "slow", "lost"]


@dataclass
class Fault:
    """Of requests of a method (`*`: any) to a path, the next `times`. `lost`: it is done, and no answer comes."""

    kind: Kind
    method: str
    path: re.Pattern[str]
    times: int
    status: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0

    def fits(self, request: Request) -> bool:
        """Whether it is its turn."""
        return self.times > 0 and self.method in ("*", request.method) and self.path.search(request.target) is not None


class Faults:
    """The faults that wait, and the limit of requests, of one Hub: `HubState.extras["faults"]`."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._waiting: list[Fault] = []
        self._lock = threading.Lock()
        self._clock = clock
        self._sleep = sleep
        self._limit: int | None = None
        self._seen: dict[str, list[float]] = {}

    def status(self, status: int, method: str, path: str, *, times: int = 1, **headers: str) -> None:
        """Answer with a status; header names are written with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._add(Fault("status", method, re.compile(path), times, status, named))

    def reset(self, method: str, path: str, *, times: int = 1) -> None:
        """End the connection before anything is done."""
        self._add(Fault("reset", method, re.compile(path), times))

    def lose_reply(self, method: str, path: str, *, times: int = 1) -> None:
        """Do it, and end the connection instead of an answer."""
        self._add(Fault("lost", method, re.compile(path), times))

    def slow(self, seconds: float, method: str, path: str, *, times: int = 1) -> None:
        """Take so long before it is done."""
        self._add(Fault("slow", method, re.compile(path), times, seconds=seconds))

    def limit(self, requests: int | None) -> None:
        """From now on allow so many API requests of one token in five minutes, as the Hub does; None for all."""
        with self._lock:
            self._limit, self._seen = requests, {}

    def clear(self) -> None:
        """From now on nothing goes wrong."""
        with self._lock:
            self._waiting, self._limit = [], None

    @property
    def left(self) -> int:
        """How many requests something will still happen to."""
        with self._lock:
            return sum(fault.times for fault in self._waiting)

    def before(self, request: Request) -> Response | None:
        """What comes in the place of an answer."""
        limited = self._limited(request)
        if limited is not None:
            return limited
        fault = self._take(request, ("status", "reset", "slow"))
        if fault is None:
            return None
        if fault.kind == "slow":
            self._sleep(fault.seconds)
            return None
        return HANG_UP if fault.kind == "reset" else error_response(fault.status, "on demand", headers=fault.headers)

    def after(self, request: Request, response: Response) -> Response:
        """What comes in the place of an answer to something that was done."""
        return HANG_UP if self._take(request, ("lost",)) is not None else response

    def _add(self, fault: Fault) -> None:
        with self._lock:
            self._waiting.append(fault)

    def _take(self, request: Request, kinds: tuple[Kind, ...]) -> Fault | None:
        with self._lock:
            fault = next((each for each in self._waiting if each.kind in kinds and each.fits(request)), None)
            if fault is not None:
                fault.times -= 1
            return fault

    def _limited(self, request: Request) -> Response | None:
        """`ratelimit: "api";r=0;t=55` as the Hub says it (draft-ietf-httpapi-ratelimit-headers)."""
        if self._limit is None or not request.path.startswith("/api/"):
            return None
        with self._lock:
            now = self._clock()
            seen = [at for at in self._seen.get(token_of(request), []) if at > now - WINDOW_SECONDS]
            self._seen[token_of(request)] = seen
            if len(seen) < self._limit:
                seen.append(now)
                return None
            wait = max(1, round(seen[0] + WINDOW_SECONDS - now))
        return error_response(429, "We had to rate limit you", headers={"ratelimit": f'"api";r=0;t={wait}'})


@contextmanager
def faults_extension(hub: HubState) -> Iterator[None]:
    """Faults for a Hub: none until they are asked for."""
    faults = Faults()
    hub.extras["faults"] = faults
    hub.before.append(faults.before)
    hub.after.append(faults.after)
    yield
