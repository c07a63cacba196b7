"""Cut GitHub's own description of its API, and its real events, down to what evalmark uses.

    python -m scripts.github_api OPENAPI_TGZ WEBHOOKS_TGZ EXAMPLES_TGZ

The arguments are the npm packages `@octokit/openapi`, `@octokit/openapi-webhooks` and `@octokit/webhooks-examples` as
`npm pack` fetches them. Writes `tests/github/data/`: the operations in `evalmark.adapters.github.endpoints`, the
schemas of a few webhooks, real payloads of them, and a NOTICE. The same packages always give the same bytes.
"""

import argparse
import base64
import gzip
import hashlib
import json
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from evalmark.adapters.github.endpoints import ENDPOINTS

DATA = Path(__file__).resolve().parent.parent / "tests/github/data"
DESCRIPTION = "package/generated/api.github.com.json"
EXAMPLES = "package/api.github.com/index.json"
WEBHOOKS = ("pull-request-opened", "pull-request-synchronize", "workflow-dispatch")
# What the payloads are found by: the name of the event, its action if it has one, and which of them. The first of
# those `opened` is older than its schema.
PAYLOADS = (("pull_request", "opened", 1), ("pull_request", "synchronize", 0), ("workflow_dispatch", None, 0))
POINTER = "#/components/"

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Package:
    """An npm package as it was packed."""

    path: Path

    def read(self, member: str) -> bytes:
        """A file of the package. Raises `KeyError` if it has none of that name."""
        with tarfile.open(self.path) as archive:
            if (file := archive.extractfile(member)) is None:
                raise KeyError(member)
            return file.read()

    def json(self, member: str) -> Any:
        """A JSON file of the package."""
        return json.loads(self.read(member))

    @property
    def title(self) -> str:
        """Name and version."""
        about = self.json("package/package.json")
        return f"{about['name']} {about['version']}, licence {about['license']}"

    @property
    def integrity(self) -> str:
        """As npm writes it into a lock file."""
        return "sha512-" + base64.b64encode(hashlib.sha512(self.path.read_bytes()).digest()).decode()


def cut_paths(whole: Json) -> Json:
    """Only the operations that the adapter uses, with all that they refer to."""
    paths: Json = {}
    for endpoint in ENDPOINTS:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = whole["paths"][endpoint.path][
            endpoint.method.lower()
        ]
    return _with_components({"paths": paths}, whole, ("openapi", "info", "servers"))


def cut_webhooks(whole: Json) -> Json:
    """Only the webhooks that we use, with all that they refer to."""
    return _with_components(
        {"webhooks": {name: whole["webhooks"][name] for name in WEBHOOKS}}, whole, ("openapi", "info")
    )


def cut_examples(whole: Iterable[Json]) -> list[Json]:
    """A real payload of each event that we use."""
    events = {event["name"]: event["examples"] for event in whole}
    return [
        {"name": name, "payload": [each for each in events[name] if each.get("action") == action][which]}
        for name, action, which in PAYLOADS
    ]


def _with_components(part: Json, whole: Json, keep: Iterable[str]) -> Json:
    components: Json = {}
    open_ones = list(_pointers(part))
    while open_ones:
        section, name = open_ones.pop().removeprefix(POINTER).split("/")
        if name not in components.setdefault(section, {}):
            components[section][name] = whole["components"][section][name]
            open_ones.extend(_pointers(components[section][name]))
    return {key: whole[key] for key in keep} | part | {"components": components}


def _pointers(value: object) -> Iterator[str]:
    """All `$ref` below a value."""
    match value:
        case {"$ref": str(pointer)}:
            yield pointer
        case Mapping():
            for each in value.values():
                yield from _pointers(each)
        case list():
            for each in value:
                yield from _pointers(each)


def _write(name: str, value: object) -> None:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    (DATA / name).write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))


def _notice(openapi: Package, webhooks: Package, examples: Package) -> str:
    used = "\n".join(f"      {endpoint.method} {endpoint.path}" for endpoint in ENDPOINTS)
    return f"""\
The files beside this one are cut by scripts/github_api.py from npm packages; nothing in them is changed but left out.

github-openapi.json.gz: GitHub's description of its REST API, cut to the operations
{used}
      and the components that they refer to
   {openapi.title}
   {openapi.integrity}

github-webhooks.json.gz: GitHub's description of its webhooks, cut to {", ".join(WEBHOOKS)}
   {webhooks.title}
   {webhooks.integrity}

github-events.json.gz: one real payload each of {", ".join("/".join(filter(None, each[:2])) for each in PAYLOADS)}
   {examples.title}
   {examples.integrity}

{openapi.read("package/LICENSE").decode().strip()}
"""


def main() -> None:
    """Cut, and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    for name in ("openapi", "webhooks", "examples"):
        parser.add_argument(name, type=lambda text: Package(Path(text)), help=f"the package with the {name}, as a .tgz")
    given = parser.parse_args()
    DATA.mkdir(parents=True, exist_ok=True)
    _write("github-openapi.json.gz", cut_paths(given.openapi.json(DESCRIPTION)))
    _write("github-webhooks.json.gz", cut_webhooks(given.webhooks.json(DESCRIPTION)))
    _write("github-events.json.gz", cut_examples(given.examples.json(EXAMPLES)))
    (DATA / "NOTICE").write_text(_notice(given.openapi, given.webhooks, given.examples))


if __name__ == "__main__":
    main()
