"""Every page: it is there, small enough, links only to what is there, and holds nothing that runs."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest

from evalmark.record import ClaimRecord, DisputeRecord, EventRecord, ModelRecord, Record, TaskRecord
from evalmark.web.site.pages import Site
from evalmark.web.site.rendering import POLICY, Look, PageAnswer, assets
from tests.records import DAY, HOSTILE, MemoryRecords, claim, event, model, placed, rerun, small_world, task

ROOT = "http://site.example/deep/"
TABLES = small_world()
IDS = tuple(each.id for each in TABLES[ClaimRecord])
SUMS = "/boards/acme/sums/sums/"


def site(tables: dict[type[Record], tuple[Any, ...]] = TABLES, look: Look | None = None) -> Site:
    return Site(MemoryRecords(tables), look)


def page(path: str, query: dict[str, str] | None = None, of: Site | None = None) -> str:
    found = (of or site()).answer(path, query or {})
    assert found is not None, path
    assert found.status == 200, path
    return found.body.decode()


class Read(HTMLParser):
    """What a page has that matters here."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def links(self) -> Iterator[str]:
        for _, attributes in self.tags:
            yield from (attributes[name] for name in ("href", "src", "action") if name in attributes)


def html_paths(of: Site) -> list[str]:
    return [path for path in of.paths(IDS) if path.endswith("/")]


@pytest.mark.parametrize("static", [False, True])
def test_paths__all_have_something(static: bool) -> None:
    made = site(look=Look(static=static))
    paths = list(made.paths(IDS))

    assert len(paths) == len(set(paths)) > 300
    assert [path for path in paths if (found := made.answer(path, {})) is None or found.status != 200] == []


@pytest.mark.parametrize("static", [False, True])
def test_links__lead_to_what_is_there(static: bool) -> None:
    made = site(look=Look(static=static))
    dead = set()

    @cache
    def is_there(path: str, query: str) -> bool:
        found = made.answer(path, dict(parse_qsl(query)))
        return found is not None and found.status == 200

    for path in html_paths(made):
        for link in Read(page(path, of=made)).links():
            there = urlsplit(urljoin(f"{ROOT}{path.removeprefix('/')}", link))
            if there.netloc != "site.example":
                assert there.scheme == "https", link
                continue
            assert there.path.startswith("/deep/"), link
            if not is_there(there.path.removeprefix("/deep"), there.query):
                dead.add((path, link))

    assert dead == set()


def test_links__a_claim_without_a_page_is_an_anchor_that_is_there() -> None:
    made = site(look=Look(static=True, has_page=lambda _: False))
    row = next(link for link in Read(page(SUMS, of=made)).links() if "#claim-" in link)
    where, _, anchor = row.partition("#")
    there = urlsplit(urljoin(f"{ROOT}{SUMS.removeprefix('/')}", where)).path.removeprefix("/deep")

    assert anchor in {attributes.get("id") for _, attributes in Read(page(there, of=made)).tags}


@pytest.mark.parametrize("static", [False, True])
def test_pages__hold_nothing_that_runs(static: bool) -> None:
    """Whatever names, notes and addresses say: only our own elements, no handlers, no styles, no odd schemes."""
    made = site(look=Look(static=static, title=HOSTILE))
    for path in html_paths(made):
        text = page(path, of=made)
        for tag, attributes in Read(text).tags:
            assert not [name for name in attributes if name.startswith("on") or name in ("style", "srcdoc")], path
            assert tag not in ("img", "iframe", "object", "embed", "base", "style"), path
            if tag == "script":
                assert "assets/" in attributes["src"], path
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\u200b-\u200f]", text), path
        for link in Read(text).links():
            assert urlsplit(link).scheme in ("", "https"), (path, link)


@pytest.mark.parametrize("path", [SUMS, "/models/evil/name/", "/", f"/claims/{IDS[-1]}/"])
def test_pages__say_their_policy_themselves(path: str) -> None:
    metas = [attributes for tag, attributes in Read(page(path)).tags if tag == "meta"]

    assert {"http-equiv": "Content-Security-Policy", "content": POLICY} in metas
    assert "unsafe" not in POLICY
    found = site().answer(path, {})
    assert found is not None
    assert found.headers["content-security-policy"].startswith(POLICY)


@pytest.mark.parametrize("static", [False, True])
def test_board__a_page_of_a_hundred_full_rows_is_at_most_300_kb(static: bool) -> None:
    """Every row with everything that a row can have, and more rows than the charts show."""
    full = {
        "variant": "v" * 200, "notes": "n" * 200, "source_url": f"https://example.org/{'s' * 60}",
        "source_name": "s" * 200, "author": "a" * 200, "pull_request": 123_456, "verify_token": True,
        "hub_verified": True, "base_model": f"somebody/{'b' * 60}", "parameters": 7_000_000_000,
    }  # fmt: skip
    rows = placed(
        rerun(
            claim(f"owner-name/{'m' * 60}-{number}", number / 10, changed_at=DAY - timedelta(days=number), **full),
            "verified",
            number / 10,
        )
        for number in range(600)
    )
    tables = {ClaimRecord: rows, TaskRecord: (task(claims=600, models=600),)}
    found = page(SUMS, of=site(tables, Look(static=static)))

    assert found.count("<tr role=") == 101
    assert len(found.encode()) <= 300_000


def test_board__shows_what_a_row_has() -> None:
    words = " ".join(" ".join(Read(page(SUMS)).words).split())

    for part in (
        "70.25 %", "With tools", "✓ verified", "rerun on 200 of 1,000 samples", "by prover", "↻ stale",
        "the score was 60.0 when it was verified", "mallory", "#3", "3=", "1–100 of 160 rows", "from beta/sum-1b",
    ):  # fmt: skip
        assert part in words, part


def test_board__a_contradicted_row_has_no_rank_and_is_last() -> None:
    words = " ".join(Read(page(f"{SUMS}page-2/")).words)

    assert "no rank" in words
    assert words.index("boast") > words.index("model-000")


@pytest.mark.parametrize(
    ("query", "there", "not_there"),
    [
        ({"verified": "1"}, ["adder", "sum-1b"], ["said", "boast"]),
        ({"min_rung": "full"}, ["adder", "old"], ["sum-1b-gguf", "said"]),
        ({"owner": "beta"}, ["sum-1b", "sum-1b-gguf"], ["adder"]),
        ({"q": "GGUF"}, ["sum-1b-gguf"], ["adder"]),
        ({"base_only": "1", "owner": "beta"}, ["sum-1b"], ["sum-1b-gguf"]),
        ({"size_max": "1B"}, ["sum-1b"], ["adder"]),
        ({"since": "2026-11-01", "sort": "model"}, ["adder"], ["model-149"]),
        ({"page": "2"}, ["boast"], ["said"]),
        ({"per_page": "2"}, ["said"], ["adder"]),
    ],
)
def test_board__is_filtered_by_its_address(query: dict[str, str], there: list[str], not_there: list[str]) -> None:
    rows = re.findall(r"<wbr>([^<]+)</a>", page(SUMS, query))

    assert set(there) <= set(rows)
    assert not set(not_there) & set(rows)


def test_board__links_to_further_pages_keep_what_was_asked() -> None:
    text = page(SUMS, {"q": "model", "sort": "date", "owner": "a b&c", "per_page": "7"} | {"owner": "crowd"})

    assert "./?q=model&amp;owner=crowd&amp;sort=date&amp;page=2&amp;per_page=7" in text or "page=2" in text
    assert 'aria-sort="descending"' in text
    assert 'value="crowd"' in text


def test_board__a_filter_that_makes_no_sense_is_told_in_a_sentence() -> None:
    found = site().answer(SUMS, {"since": "<script>"})

    assert found is not None
    assert found.status == 400
    assert "must be a day such as 2026-01-31, not “&lt;script&gt;”. Shown are all rows." in found.body.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/nothing", "/nothing/", "/boards/", "/boards/acme/sums/", "/boards/acme/sums/other/", f"{SUMS}page-3/",
        f"{SUMS}page-1/", "/boards/acme/errors/wer/over-time.json",
        "/models/page-9/", "/models/no/body/", "/models/x/", "/claims/", "/claims/x/", "/conflicts/x/",
        "/claims/\x00/", "/models/\ud800/x/", f"/models/{'x' * 2000}/x/", "/conflicts/page-2/",
        "/assets/", "/assets/../pages.py", "/assets/nothing.css", "//", "/models//", "/page-2/",
        f"{SUMS}rows-1.json", "/models/no~000000000000/body/", f"/claims/{IDS[0]}/page-2/",
    ],
)  # fmt: skip
def test_answer__what_is_not_there_is_none(path: str) -> None:
    assert site().answer(path, {}) is None


def test_answer__without_its_last_slash_a_page_is_moved() -> None:
    found = site().answer("/boards/acme/sums/sums", {})

    assert found is not None
    assert (found.status, found.headers["location"]) == (308, "sums/")


def test_not_found__links_from_anywhere_if_it_is_known_where_the_site_stands() -> None:
    found = site(look=Look(base_url="https://scores.example/x/")).not_found("/404.html")

    assert found.status == 404
    assert 'href="https://scores.example/x/models/"' in found.body.decode()


def test_api__is_linked_if_there_is_one() -> None:
    assert 'href="../../../../api/v1/events.atom"' in page(SUMS, of=site(look=Look(api="api/v1")))
    assert "events.atom" not in page(SUMS)


def test_board__an_odd_task_has_a_page() -> None:
    (path,) = (path for path in site().paths() if path.startswith("/boards/acme/odd/"))

    assert ".." not in path
    assert "does not define this task" in page(path)


def test_models__search() -> None:
    rows = re.findall(r'<a href="[^"]+">([^<]+/[^<]+)</a>', page("/models/", {"q": "SUM"}))

    assert rows == ["beta/sum-1b", "beta/sum-1b-gguf"]


def test_model__shows_what_is_made_from_it_and_what_is_wrong_in_its_files() -> None:
    assert "beta/sum-1b-gguf" in page("/models/beta/sum-1b/")
    assert "task-exists" in page("/models/zeta/boast/")


def test_model__of_an_odd_name_has_a_page() -> None:
    tables = {
        ModelRecord: (model("ow ner/<b>"),),
        ClaimRecord: placed((claim("ow ner/<b>"),)),
        TaskRecord: (task(claims=1),),
    }
    made = site(tables)
    (path,) = (path for path in made.paths() if path.startswith("/models/ow"))
    link = next(link for link in Read(page(SUMS, of=made)).links() if "models/ow" in link)

    assert link.endswith(path)
    assert "ow ner/&lt;b&gt;" in page(path, of=made)


def test_claim__one_that_is_gone_has_its_story() -> None:
    gone = claim("gone/away")
    made = site({**TABLES, EventRecord: (event(gone), event(gone, "withdrawn"))})

    assert "not made any more" in page(f"/claims/{gone.id}/", of=made)


def test_conflicts__by_kind() -> None:
    assert "99.0 is claimed" not in page("/conflicts/different-values/")
    assert "99.0 is claimed" in page("/conflicts/contradicted/")
    assert "No conflict here." in page("/conflicts/hub-differs/")


def test_conflicts__are_paged() -> None:
    (one, *_) = TABLES[DisputeRecord]
    many = tuple(replace(one, id=str(number)) for number in range(101))
    made = site({**TABLES, DisputeRecord: many})

    assert "Page 2 of 2" in page("/conflicts/page-2/", of=made)


def test_an_empty_store__says_how_to_fill_it() -> None:
    assert "evalmark sync" in page("/", of=site({}))
    assert "No model here." in page("/models/", of=site({}))


def test_data__has_every_row_with_what_filters_look_at() -> None:
    found = site(look=Look(static=True)).answer(f"{SUMS}rows-1.json", {})
    assert isinstance(found, PageAnswer)
    rows = json.loads(found.body)

    assert len(rows) == 160
    assert {len(row) for row in rows} == {14}
    assert [row[0] for row in rows] == [
        each.id for each in sorted(TABLES[ClaimRecord], key=lambda each: each.place) if each.dataset_id == "acme/sums"
    ]


def test_vendored__is_what_the_table_says() -> None:
    about = assets()["vendor/VENDORED.md"].decode()
    told = dict(re.findall(r"\| `([^`]+)` \| `[^`]+` \| `([0-9a-f]{64})` \|", about))
    files = {name.removeprefix("vendor/"): body for name, body in assets().items() if name.startswith("vendor/")}

    assert told == {name: hashlib.sha256(body).hexdigest() for name, body in files.items() if name.endswith(".js")}
    assert {f"{name}.LICENSE" for name in ("vega", "vega-lite", "vega-interpreter")} < set(files)
