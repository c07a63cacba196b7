"""What can be made to go wrong: answers that are not GitHub's usual ones, on demand."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.github.contract import Request, Response

DROPPED = Response(0)
"""No answer at all: the connection is closed."""


@dataclass(slots=True)
class Fault:
    """Answers instead of the fake, so many times; `after_storing`: what was asked for is done before."""

    method: str
    path: str
    response: Response
    after_storing: bool = False
    times: int | None = 1
    only_headers: bool = False
    """The usual answer is given, with other headers."""

    def fits(self, request: Request) -> bool:
        """Whether this one is meant."""
        return (
            self.times != 0 and self.method in ("*", request.method) and re.search(self.path, request.path) is not None
        )


@dataclass
class Faults:
    """All faults that are waiting, first come, first served."""

    waiting: list[Fault] = field(default_factory=list)

    def take(self, request: Request) -> Fault | None:
        """The fault for a request, which is used up by it."""
        found = next((fault for fault in self.waiting if fault.fits(request)), None)
        if found is not None and found.times is not None:
            found.times -= 1
        return found


def merged(response: Response, headers: Mapping[str, str]) -> Response:
    """The same answer with other headers."""
    return Response(response.status, response.body, {**response.headers, **headers})
