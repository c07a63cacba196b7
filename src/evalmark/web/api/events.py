"""`/api/v1/events` and the same as an Atom feed (RFC 4287)."""

import re
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode
from xml.etree import ElementTree as Xml

from starlette.responses import Response

from evalmark import __version__
from evalmark.query import Condition, Where
from evalmark.record import EventRecord
from evalmark.report.escape import plain
from evalmark.web.api import parameters
from evalmark.web.api.answers import Asked, listed
from evalmark.web.api.claims import about
from evalmark.web.api.source import Source
from evalmark.web.site import addresses

MEDIA_TYPE: Final = "application/atom+xml"
NAMESPACE: Final = "http://www.w3.org/2005/Atom"
TAG: Final = "tag:evalmark.github.io,2026:"
"""Names what is ours for good (RFC 4151), whatever the address of the server."""
BEGINNING: Final = datetime(2026, 1, 1, tzinfo=UTC)
ORDER: Final = ("-at", "id")
_NEVER_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def events(source: Source, asked: Asked) -> Response:
    """Events, the newest first."""
    return listed(source, asked, EventRecord, _where(asked), ORDER)


def feed(source: Source, asked: Asked) -> Response:
    """The newest events as a feed. What has no time is not in it."""
    page = parameters.page(asked.query)
    found = source.records.find(EventRecord, (*_where(asked), Condition("at", "is not null")), ORDER, page)
    root = Xml.Element("feed", {"xmlns": NAMESPACE})
    here = f"?{urlencode(sorted(asked.query.items()))}" if asked.query else ""
    _add(root, "id", f"{TAG}events{here}")
    _add(root, "title", "evalmark: what happened to reported scores")
    _add(root, "updated", _time(found[0].at if found else None))
    _add(root, "generator", "evalmark", version=__version__)
    _add(root, "link", rel="self", href=f"events.atom{here}", type=MEDIA_TYPE)
    for event in found:
        _entry(root, event)
    body: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(body, 200, media_type=f"{MEDIA_TYPE}; charset=utf-8")


def _where(asked: Asked) -> Where:
    kind = parameters.one_of(parameters.EVENT_KIND, asked.query)
    since = parameters.board_question(asked.query)[0].since
    return (
        *about(asked.query, "model", "benchmark", "task"),
        *((Condition("kind", "=", kind),) if kind else ()),
        *((Condition("at", ">=", since),) if since else ()),
    )


def _entry(root: Xml.Element, event: EventRecord) -> None:
    entry = Xml.SubElement(root, "entry")
    score = " → ".join(each for each in (event.old, event.new) if each is not None)
    where = f"pull request {event.pull_request}" if event.pull_request is not None else "main"
    _add(entry, "id", f"{TAG}event/{event.id}")
    _add(entry, "title", plain(f"{event.model} on {event.dataset_id}, {event.task_id}: {event.kind} {score}"))
    _add(entry, "updated", _time(event.at))
    _add(Xml.SubElement(entry, "author"), "name", plain(event.by) or "unknown")
    _add(entry, "link", rel="alternate", href=f"../../{addresses.claim(event.claim)}", type="text/html")
    _add(entry, "category", term=event.kind)
    told = (event.variant, f"in {event.repo}, {event.file}, {where}", event.commit and f"commit {event.commit}")
    gone = "pushed away since" if event.gone else None
    _add(entry, "content", "; ".join(each for each in (event.detail, *told, gone) if each), type="text")


def _add(parent: Xml.Element, tag: str, text: str | None = None, **attributes: str) -> None:
    element = Xml.SubElement(parent, tag, {name: _clean(value) for name, value in attributes.items()})
    element.text = None if text is None else _clean(text)


def _clean(text: str) -> str:
    """Without the characters that XML cannot have at all."""
    return _NEVER_IN_XML.sub("�", text)


def _time(at: datetime | None) -> str:
    return (at or BEGINNING).astimezone(UTC).isoformat().replace("+00:00", "Z")
