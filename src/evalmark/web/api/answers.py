"""From a request to an answer: what every part of the API has in common."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from pydantic_core import to_json
from starlette.responses import Response

from evalmark.query import Page, Where
from evalmark.record import Record
from evalmark.web.api import parameters
from evalmark.web.api.source import Source

JSON = "application/json"
R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: the parts of its path by name, and what stands behind the question mark."""

    path: Mapping[str, str]
    query: Mapping[str, str]

    @property
    def repo(self) -> str:
        """The repo in the path."""
        return f"{self.path['owner']}/{self.path['name']}"


def json_answer(body: object, headers: Mapping[str, str] | None = None) -> Response:
    """A body as JSON. What is no number in JSON (infinity) is null."""
    return Response(to_json(body, inf_nan_mode="null"), 200, dict(headers or {}), JSON)


def part(asked: Asked, page: Page, items: Sequence[Any], total: int, **more: object) -> Response:
    """A part of a list, with the way to the parts beside it (RFC 8288), relative to the request's own address."""
    size = page.limit or max(total, 1)
    number = page.offset // size + 1
    body = {**more, "items": items, "total": total, "page": number, "per_page": size}
    last = max(1, -(-total // size))
    ways = {"first": 1, "prev": min(number - 1, last), "next": number + 1, "last": last}
    there = {way: to for way, to in ways.items() if 1 <= to <= last}
    links = [f'<?{urlencode({**asked.query, "page": to})}>; rel="{way}"' for way, to in there.items()]
    return json_answer(body, {"link": ", ".join(links)})


def listed(source: Source, asked: Asked, kind: type[R], where: Where, order: tuple[str, ...]) -> Response:
    """A part of the records that meet all conditions."""
    page = parameters.page(asked.query)
    total = source.records.count(kind, where)
    items = source.records.find(kind, where, order, page) if page.offset < total else ()
    return part(asked, page, items, total)
