"""Asks GitHub's REST API: one server, a token for it alone, patience with limits, and no write done twice."""

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from evalmark.adapters.github.endpoints import Call
from evalmark.adapters.github.limits import SERVER_TROUBLE, is_limit, seconds_of_limit, seconds_of_trouble
from evalmark.adapters.github.refusals import in_trouble, limited, refusal
from evalmark.adapters.github.reply import Reply, said
from evalmark.adapters.github.transport import Answer, Dropped, Origin, Transport, joined
from evalmark.errors import CouldNotFinish, Refused, UsageProblem
from evalmark.report.escape import plain

API_VERSION: Final = "2022-11-28"
TRIES: Final = 3
LONGEST_WAIT: Final = 120.0  # seconds, of all waits for one answer
MOST_REDIRECTS: Final = 3
MOST_PAGES: Final = 100

_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_TOKEN = re.compile(r"[!-~]*")
_NEXT = re.compile(r"<([^<>]*)>\s*;[^,<]*\brel=\"?next\b")


class GitHubClient:
    """GitHub's API at `api_url`, for the holder of `token`; an empty token asks as nobody.

    Raises `UsageProblem` if the address is not https (or http on this machine), or the token cannot be one.
    All calls raise `UsageProblem` for a token or a pull request that GitHub does not know, `Forbidden` for what the
    token may not do, `Refused` if the server sends us elsewhere, `CouldNotFinish` for all other trouble.
    """

    def __init__(
        self,
        api_url: str,
        token: str,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._base, self._origin = _address(api_url)
        self._token = token.strip()
        if _TOKEN.fullmatch(self._token) is None:  # http.client would tell the token in its complaint
            raise UsageProblem(
                "the GitHub token has letters that no token has", "look how it is set; it is not shown here"
            )
        self._transport = Transport(self._origin)
        self._sleep = sleep
        self._clock = clock

    def __repr__(self) -> str:
        return f"GitHubClient({self._base!r})"

    def call(self, call: Call) -> Reply:
        """Do one call."""
        return Reply.parse(str(call), self._fetch(call, self._base + call.target).body)

    def pages(self, call: Call) -> Iterator[Reply]:
        """The items of a list, page after page. Raises `CouldNotFinish` if there are more than 100 pages."""
        url = self._base + call.target
        for _ in range(MOST_PAGES):
            answer = self._fetch(call, url)
            yield from Reply.parse(str(call), answer.body)
            found = _NEXT.search(answer.headers.get("link", ""))
            if found is None:
                return
            url = self._own(found[1], "the next page", call)
        raise CouldNotFinish(
            f"GitHub's answer to {call} has over {MOST_PAGES} pages", "evalmark reads no more; tidy the pull request up"
        )

    def _fetch(self, call: Call, url: str) -> Answer:
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._patiently(call, url)
            if answer.status not in _REDIRECTS:
                return self._good(call, answer)
            url = self._own(joined(url, answer.headers.get("location", "")), "a redirect", call)
            if call.endpoint.method != "GET":
                raise CouldNotFinish(
                    f"GitHub has moved {call.repository}: {call} was sent on, and nothing is written there",
                    "name the repo as it is called now",
                )
        raise CouldNotFinish(f"GitHub sends {call} on and on", "name the repo as it is called now")

    def _patiently(self, call: Call, url: str) -> Answer:
        """The answer of the last try. A POST is tried again only if GitHub surely did not do it."""
        left = LONGEST_WAIT
        for tries in range(1, TRIES + 1):
            answer, trouble = self._try(call, url)
            limit = is_limit(answer.status, answer.headers, trouble)
            if not limit and answer.status not in SERVER_TROUBLE:
                return answer
            if not limit and call.endpoint.method == "POST":
                raise in_trouble(call, trouble)
            now = self._clock()
            wait = seconds_of_limit(answer.headers, now) if limit else seconds_of_trouble(answer.headers, tries)
            if tries == TRIES or wait > left:
                raise limited(call, now + wait) if limit else in_trouble(call, trouble)
            self._sleep(wait)
            left -= wait
        raise AssertionError("the last try returns or raises")

    def _try(self, call: Call, url: str) -> tuple[Answer, str]:
        """The answer, and what it says if it is trouble. No answer counts as a 5xx: it calls for the same."""
        body = None if call.body is None else json.dumps(call.body).encode()
        try:
            answer = self._transport.send(call.endpoint.method, url, self._headers(body), body)
        except Dropped as error:
            return Answer(SERVER_TROUBLE.start), self._shown(str(error))
        return answer, self._said(answer)

    def _headers(self, body: bytes | None) -> Mapping[str, str]:
        headers = {
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": API_VERSION,
            "User-Agent": "evalmark",
        }
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        if body is not None:
            headers["Content-Type"] = "application/json"
        return headers

    def _own(self, url: str, what: str, call: Call) -> str:
        """The address if it is on our server. Raises `Refused` for any other: the token is for our server alone."""
        if Origin.of(url) != self._origin:
            raise Refused(
                f"{what} of {call} leads to another server: {self._shown(url)}",
                "nothing was sent there; check the address of the API (GITHUB_API_URL) and what stands between",
            )
        return url

    def _good(self, call: Call, answer: Answer) -> Answer:
        if 200 <= answer.status < 300:
            return answer
        raise refusal(call, answer.status, self._said(answer))

    def _said(self, answer: Answer) -> str:
        """What an answer says that is an error; its status if it says nothing."""
        if answer.status < 400:
            return ""
        return self._shown(said(answer.body)) or f"status {answer.status}"

    def _shown(self, text: str) -> str:
        """Foreign text, fit for a message: one line, not long, and without the token that a server may echo."""
        hidden = text.replace(self._token, "***") if self._token else text
        return plain(hidden)


def _address(api_url: str) -> tuple[str, Origin]:
    base = api_url.strip().rstrip("/")
    origin = Origin.of(base)
    # The address itself is not told: it may hold a password.
    if origin is None or "?" in base or "#" in base:
        raise UsageProblem("the address of GitHub's API is no plain https address", "set it as GITHUB_API_URL is set")
    if origin.scheme == "http" and not origin.is_loopback:
        raise UsageProblem(
            f"the address of GitHub's API, http://{origin.host}, would send the token unencrypted", "use https"
        )
    return base, origin
