"""From what a page shows to its bytes: templates with everything foreign escaped, and the files beside them."""

import functools
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from evalmark import __version__
from evalmark.report import words
from evalmark.report.escape import plain
from evalmark.web.site import addresses
from evalmark.web.site.places import REAL, Hosts
from evalmark.web.site.rows import HasPage

HTML: Final = "text/html; charset=utf-8"
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'"
)
"""What a browser may do for a page: nothing inline, nothing from elsewhere."""
HEADERS: Final[Mapping[str, str]] = {
    # A page's own words cannot say who may frame it; the Hub frames its Spaces.
    "content-security-policy": f"{POLICY}; frame-ancestors 'self' https://huggingface.co",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
TYPES: Final[Mapping[str, str]] = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "md": "text/plain; charset=utf-8",
    "LICENSE": "text/plain; charset=utf-8",
}


MISSING: Final = "missing.html"


def every_claim(_claim: str) -> bool:
    """Each claim has a page of its own."""
    return True


@dataclass(frozen=True, slots=True)
class Look:
    """What the pages of one dashboard have in common."""

    title: str = "evalmark"
    hosts: Hosts = REAL
    static: bool = False
    """The pages are files: what a server would answer, JavaScript works out."""
    has_page: HasPage = every_claim
    base_url: str | None = None
    """Where the site stands, if that is known."""
    api: addresses.Address | None = None
    """Where the API stands, if there is one beside."""


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """What goes to the browser."""

    status: int
    content_type: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=lambda: HEADERS)


@functools.cache
def assets() -> Mapping[str, bytes]:
    """The files that pages use, by name."""
    root = files("evalmark.web.site") / "static"
    found: dict[str, bytes] = {}
    for each in root.iterdir():
        if each.is_dir():
            found |= {f"{each.name}/{file.name}": file.read_bytes() for file in each.iterdir()}
        else:
            found[each.name] = each.read_bytes()
    return found


@functools.cache
def assets_version() -> str:
    """Another one after each change of a file."""
    content = hashlib.sha256()
    for name, body in sorted(assets().items()):
        content.update(name.encode() + b"\0" + body)
    return content.hexdigest()[:10]


def asset(name: str) -> PageAnswer | None:
    """One of the files that pages use."""
    body = assets().get(name)
    if body is None:
        return None
    return PageAnswer(200, TYPES.get(name.rpartition(".")[2], "application/octet-stream"), body)


@functools.cache
def environment() -> Environment:
    """The templates."""
    made = Environment(
        loader=PackageLoader("evalmark.web.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {
        "policy": POLICY,
        "version": __version__,
        "legend": words.LEGEND,
        "rungs": words.RUNGS,
        "token_words": words.TOKEN,
        "counted": words.counted,
        "addresses": addresses,
    }
    return made


def render(template: str, here: addresses.Address, look: Look, **shown: Any) -> bytes:
    """A page as it is sent."""

    def to(there: addresses.Address) -> str:
        # The page for what is missing stands wherever somebody looked.
        if template == MISSING and look.base_url:
            return f"{look.base_url}{there}"
        return addresses.relative(here, there)

    def asset_link(name: str) -> str:
        return to(addresses.asset(name, assets_version()))

    text = (
        environment()
        .get_template(template)
        .render(here=here, look=look, title=plain(look.title), to=to, asset=asset_link, **shown)
    )
    return text.encode("utf-8", "replace")


def html(template: str, here: addresses.Address, look: Look, *, status: int = 200, **shown: Any) -> PageAnswer:
    """A page as an answer."""
    return PageAnswer(status, HTML, render(template, here, look, **shown))
