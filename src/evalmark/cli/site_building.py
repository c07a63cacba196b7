"""Writing the dashboard as files: into a folder beside, which takes the place of an earlier one as a whole."""

import argparse
import contextlib
import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from evalmark.adapters.duck.reading import DuckRecords
from evalmark.errors import CouldNotFinish, ExitCode, UsageProblem
from evalmark.ports import Records
from evalmark.query import Condition
from evalmark.record import ClaimRecord, DisputeRecord, ModelRecord, TaskRecord
from evalmark.report.words import counted
from evalmark.web.site.pages import Site
from evalmark.web.site.places import Hosts
from evalmark.web.site.rendering import Look
from evalmark.web.site.shelves import Shelves

MARK = ".evalmark-site"
README = """\
---
title: {title}
emoji: ✅
colorFrom: green
colorTo: gray
sdk: static
app_file: index.html
pinned: false
---

Made by `evalmark site build`; the next run replaces everything here.
"""


def run(args: argparse.Namespace) -> ExitCode:
    """Build from a store."""
    out = args.out.resolve()
    _may_replace(out)
    with contextlib.closing(DuckRecords(args.store)) as records:
        chosen = chosen_claims(records, args.claims)
        look = Look(
            title=args.title,
            hosts=Hosts(args.hub.rstrip("/")) if args.hub else Hosts(),
            static=True,
            has_page=chosen.__contains__,
            base_url=f"{args.base_url.rstrip('/')}/" if args.base_url else None,
        )
        files, size = build(Site(Shelves(records), look), tuple(sorted(chosen)), out, args.title)
        print(f"{args.out}: {_told(records, len(chosen))}; {counted(files, 'file')}, {size / 1e6:,.1f} MB")
    return ExitCode.FINE


def chosen_claims(records: Records, which: str) -> frozenset[str]:
    """The claims that get a page of their own."""
    if which == "all":
        return _ids(records, ())
    disputed = {each for dispute in records.find(DisputeRecord) for each in dispute.claims}
    chosen = _ids(records, (Condition("id", "in", tuple(disputed)),)) if disputed else frozenset()
    if which != "disputed":
        chosen |= _ids(records, (Condition("verdict", "is not null"),))
    if which.startswith("first:"):
        chosen |= _ids(records, (Condition("place", "<=", int(which.removeprefix("first:"))),))
    return chosen


def build(site: Site, claims: tuple[str, ...], out: Path, title: str) -> tuple[int, int]:
    """Write all files; how many, and their size. Raises `CouldNotFinish` if they cannot be written."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
        try:
            written = [_write(draft, path, body) for path, body in _files(site, claims, title)]
            draft.chmod(0o755)
            _replace(out, draft)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    except OSError as error:
        raise CouldNotFinish(
            f"{out} could not be written: {error.strerror}", "check space and rights, or name another folder with --out"
        ) from error
    return len(written), sum(written)


def _files(site: Site, claims: tuple[str, ...], title: str) -> Iterator[tuple[str, bytes]]:
    for path in site.paths(claims):
        answer = site.answer(path, {})
        if answer is not None:
            yield f"{path}index.html" if path.endswith("/") else path, answer.body
    yield "/404.html", site.not_found("/404.html").body
    yield "/README.md", README.format(title=json.dumps(title, ensure_ascii=False)).encode()
    yield "/.nojekyll", b""
    yield f"/{MARK}", b"`evalmark site build` made this folder, and may replace it.\n"


def _write(draft: Path, path: str, body: bytes) -> int:
    file = draft / path.removeprefix("/")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(body)
    return len(body)


def _may_replace(out: Path) -> None:
    """Raise `UsageProblem` for a folder that somebody else made."""
    try:
        ours = not out.exists() or (out.is_dir() and ((out / MARK).is_file() or not any(out.iterdir())))
    except OSError as error:
        raise UsageProblem(f"{out} cannot be read: {error.strerror}", "name another folder with --out") from error
    if not ours:
        raise UsageProblem(
            f"{out} is there already, and `evalmark site build` did not make it",
            "name another folder with --out, or remove this one",
        )


def _replace(out: Path, draft: Path) -> None:
    """Put the new folder where the old one is."""
    if not out.exists():
        draft.rename(out)
        return
    with tempfile.TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent) as folder:
        old = Path(folder) / "old"
        out.rename(old)
        try:
            draft.rename(out)
        except OSError:
            old.rename(out)
            raise


def _ids(records: Records, where: tuple[Condition, ...]) -> frozenset[str]:
    return frozenset(each.id for each in records.scored(where))


def _told(records: Records, pages: int) -> str:
    claims = records.count(ClaimRecord)
    some = counted(claims, "claim") if pages == claims else f"{pages:,} of {counted(claims, 'claim')}"
    return f"{counted(records.count(TaskRecord), 'board')}, {counted(records.count(ModelRecord), 'model')}, {some}"
