"""Where each page of the dashboard is, and how one links to another.

Addresses are relative to the dashboard's root and have no leading slash; a folder's ends in one. Links are relative to
the page that has them, so that the dashboard works below any address.
"""

import re
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from evalmark.record import digest

Address: TypeAlias = str
FRONT: Final = ""
MODELS: Final = "models/"
CONFLICTS: Final = "conflicts/"
_SAFE: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}", re.ASCII)
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9_-]+", re.ASCII)
_PAGE: Final = re.compile(r"(?P<list>.*/)page-(?P<number>[1-9][0-9]{0,6})/", re.ASCII)
_REPO: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)
_COMMIT: Final = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}", re.ASCII)
_DIGITS: Final = 12
_LONGEST: Final = 2000


def slug(text: str) -> str:
    """Foreign text as a folder's name. One that is altered has a `~` and a digest, which no unaltered one has."""
    if _SAFE.fullmatch(text) and not text.endswith("."):
        return text
    return f"{_UNSAFE.sub('-', text)[:40].strip('-')}~{digest(text)[:_DIGITS]}"


def board(dataset_id: str, task_id: str) -> Address:
    """The page of a board."""
    return f"boards/{_repo(dataset_id)}/{slug(task_id)}/"


def model(name: str) -> Address:
    """The page of a model."""
    return f"models/{_repo(name)}/"


def claim(identifier: str) -> Address:
    """The page of a claim."""
    return f"claims/{slug(identifier)}/"


def conflicts(kind: str | None = None) -> Address:
    """The list of all conflicts, or of one kind."""
    return f"{CONFLICTS}{slug(kind)}/" if kind else CONFLICTS


def asset(name: str, version: str) -> Address:
    """A file that pages use; another version has another address, so that no browser shows an old one."""
    return f"assets/{name}?v={version}"


def page(of: Address, number: int) -> Address:
    """A further page of a list."""
    return of if number == 1 else f"{of}page-{number}/"


def chart(of: Address, name: str) -> Address:
    """What a chart of a board shows."""
    return f"{of}{name}.json"


def split_page(address: Address) -> tuple[Address, int]:
    """The list and the number of its page."""
    found = _PAGE.fullmatch(address)
    return (found["list"], int(found["number"])) if found else (address, 1)


def relative(here: Address, there: Address) -> str:
    """The link from one page to another."""
    folders, wanted = here.split("/")[:-1], there.split("/")
    shared = 0
    while shared < min(len(folders), len(wanted) - 1) and folders[shared] == wanted[shared]:
        shared += 1
    return "../" * (len(folders) - shared) + "/".join(wanted[shared:]) or "./"


def outside(url: str | None) -> str | None:
    """A foreign address if it is one of the web's, else None: no other scheme ever becomes a link."""
    if url is None or len(url) > _LONGEST or not url.isprintable() or any(sign in url for sign in " \\\"'<>`"):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and host and "@" not in parts.netloc else None


def is_repo(name: str) -> bool:
    """Whether it can be a repo's name on the Hub or GitHub, and nothing else."""
    return _REPO.fullmatch(name) is not None and ".." not in name


def is_commit(text: str | None) -> bool:
    """Whether it is the full name of a commit."""
    return text is not None and _COMMIT.fullmatch(text) is not None


def _repo(name: str) -> str:
    owner, _, rest = name.partition("/")
    return f"{slug(owner)}/{slug(rest)}"
