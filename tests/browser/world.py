"""The dashboard of a small world, as a server and as files, and a browser to look at it."""

import contextlib
import json
import shutil
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Browser, sync_playwright

from evalmark.cli.site_building import build
from evalmark.record import ClaimRecord, Record, VerdictRecord, digest
from evalmark.web.site.pages import Site
from evalmark.web.site.rendering import Look
from tests.loopback import served
from tests.records import DAY, HOSTILE, MemoryRecords, small_world

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


def world() -> dict[type[Record], tuple[Any, ...]]:
    """The small world, with verdicts."""
    tables = small_world()
    proved = claim_of("acme/adder", tables)
    hostile = claim_of("evil/name", tables)
    body = {
        "reason": "The rerun on all 200 samples measured 57.5 %, within 2.0 points of the claim.",
        "advice": "",
        "difference": 0.5,
        "margin_verified": 2.0,
        "margin_mismatch": 4.0,
        "margin_from": "declared by the benchmark",
        "alpha": 0.05,
        "p_value": 0.62,
        "run": {
            "model": "hf/acme/adder",
            "model_revision": "b" * 40,
            "identity": "proved",
            "task": "hf/acme/sums/sums",
            "dataset_revision": "c" * 40,
            "settings_from": "task",
            "versions": {"inspect-ai": "0.3.285", "transformers": "5.1.0"},
            "platform": "Linux x86_64",
        },
    }
    return {
        **tables,
        VerdictRecord: (
            _verdict(proved, json.dumps(body)),
            _verdict(
                hostile, json.dumps({"reason": HOSTILE, "run": {"versions": {HOSTILE: HOSTILE}, "task": HOSTILE}})
            ),
        ),
    }


def _verdict(of: ClaimRecord, body: str) -> VerdictRecord:
    return VerdictRecord(
        id=digest(of.id, "verdict"), claim=of.id, model=of.model, dataset_id=of.dataset_id, task_id=of.task_id,
        digits=of.digits, verdict=of.verdict or "inconclusive", rung="full", at=of.verified_at or DAY, by="prover",
        stale=None, body=body,
    )  # fmt: skip


def claim_of(model: str, tables: dict[type[Record], tuple[Any, ...]] | None = None) -> ClaimRecord:
    """The model's first claim on acme/sums."""
    found = (tables or small_world())[ClaimRecord]
    wanted: ClaimRecord = next(each for each in found if each.model == model and each.dataset_id == "acme/sums")
    return wanted


@contextlib.contextmanager
def static_site(folder: Path) -> Iterator[str]:
    """The site as files, below a folder of a web server."""
    records = MemoryRecords(world())
    ids = tuple(each.id for each in records.find(ClaimRecord) if each.verdict or each.place <= 20)
    chosen = {*ids, claim_of("evil/name").id}
    look = Look(static=True, has_page=chosen.__contains__)
    build(Site(records, look), tuple(sorted(chosen)), folder / "some" / "place", "Scores")
    with served(partial(_Files, directory=str(folder))) as address:
        yield f"{address}/some/place/"


@contextlib.contextmanager
def live_site() -> Iterator[str]:
    """The pages as a server answers them."""
    site = Site(MemoryRecords(world()))

    class Pages(_Quiet, BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            path = parts.path.removeprefix("/dash")
            answer = site.answer(path, dict(parse_qsl(parts.query))) or site.not_found(path)
            self.send_response(answer.status)
            for name, value in {"content-type": answer.content_type, **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

    with served(Pages) as address:
        yield f"{address}/dash/"


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    """A real browser."""
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        try:
            yield made
        finally:
            made.close()


class _Quiet:
    def log_message(self, *_args: object) -> None:
        """Nothing."""


class _Files(_Quiet, SimpleHTTPRequestHandler):
    pass
