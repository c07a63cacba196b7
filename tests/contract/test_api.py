"""The API over a store in memory and over one in DuckDB: the same answers."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin
from xml.etree import ElementTree as Xml

import pytest
from pydantic import BaseModel
from starlette.testclient import TestClient

from evalmark.adapters.duck import DuckRecords, writing
from evalmark.errors import CouldNotFinish
from evalmark.ports import Records
from evalmark.record import ClaimRecord, EventRecord, ReceiptRecord, Record, TaskRecord, VerdictRecord
from evalmark.web.api import shapes
from evalmark.web.metrics import Metrics
from evalmark.web.reading import reader
from tests.records import DAY, HOSTILE, MemoryRecords, event, receipt, small_world, task

World = Mapping[type[Record], tuple[Any, ...]]
ATOM = "{http://www.w3.org/2005/Atom}"
SUMS = "/api/v1/leaderboards/acme/sums/rows"


def world() -> dict[type[Record], tuple[Any, ...]]:
    """The small world, with a verdict and a receipt."""
    made = small_world()
    adder = next(each for each in made[ClaimRecord] if each.model == "acme/adder" and each.state == "main")
    made[VerdictRecord] = (
        VerdictRecord(
            id="f" * 32, claim=adder.id, model=adder.model, dataset_id=adder.dataset_id, task_id=adder.task_id,
            digits="57.0", verdict="verified", rung="full", at=DAY, by="prover", stale=None,
            body='{"kind": "verdict/1"}',
        ),
    )  # fmt: skip
    made[ReceiptRecord] = (
        receipt(adder, claim_digest="c" * 64, body=HOSTILE),
        receipt(adder, "invalid", claim=None, claim_digest=None, path=HOSTILE),
        receipt(adder, "untrusted", claim="0" * 32, claim_digest="d" * 64),
    )
    return made


def in_duck(path: Path, rows: World) -> DuckRecords:
    """A store of these records."""
    with writing(path) as store:
        for kind, records in rows.items():
            store.replace(kind, (), records)
        store.finish()
    return DuckRecords(path)


@pytest.fixture(scope="module", params=["memory", "duck"])
def records(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Records]:
    """The small world in either store."""
    if request.param == "memory":
        yield MemoryRecords(world())
        return
    made = in_duck(tmp_path_factory.mktemp("api") / "store.duckdb", world())
    yield made
    made.close()


@pytest.fixture(scope="module")
def client(records: Records) -> TestClient:
    """A server that only reads."""
    return TestClient(reader(records, Metrics()))


def get(client: TestClient, address: str, status: int = 200, **headers: str) -> Any:
    """The body of an answer."""
    answer = client.get(address, headers=headers)
    assert answer.status_code == status, answer.text
    return answer.json()


def claims_of(records: Records, model: str) -> tuple[ClaimRecord, ...]:
    """What a model claims."""
    return tuple(each for each in records.find(ClaimRecord) if each.model == model)


def walk(client: TestClient, address: str) -> Iterator[Any]:
    """All items of a list, as its links lead through it."""
    here: str | None = address
    while here is not None:
        answer = client.get(here)
        yield from answer.json()["items"]
        found = re.search(r'<([^>]*)>; rel="next"', answer.headers["link"])
        here = urljoin(here, found[1]) if found else None


def test_index__leads_everywhere(client: TestClient, records: Records) -> None:
    body = get(client, "/api/v1")

    assert body["store"] == records.version
    assert all(client.get(link).status_code == 200 for link in body["links"].values())


@pytest.mark.parametrize(
    ("address", "shape"),
    [
        ("/api/v1", shapes.Index),
        ("/api/v1/leaderboards", shapes.TaskPage),
        ("/api/v1/leaderboards/acme/sums", shapes.Benchmark),
        (SUMS, shapes.BoardPage),
        ("/api/v1/models", shapes.ModelPage),
        ("/api/v1/models/acme/adder", shapes.ModelAndClaims),
        ("/api/v1/claims", shapes.ClaimPage),
        ("/api/v1/events", shapes.EventPage),
        ("/api/v1/conflicts", shapes.DisputePage),
        ("/api/v1/receipts", shapes.ReceiptPage),
        (f"/api/v1/verdicts/{'f' * 32}", shapes.Verdict),
    ],
)
def test_answers__have_the_shape_that_is_described(client: TestClient, address: str, shape: type[BaseModel]) -> None:
    shape.model_validate_json(client.get(address).content, strict=True)


def test_answers__of_one_thing_have_the_shape_that_is_described(client: TestClient, records: Records) -> None:
    for one in claims_of(records, "acme/adder"):
        shapes.ClaimAndHistory.model_validate_json(client.get(f"/api/v1/claims/{one.id}").content, strict=True)
    for row in get(client, "/api/datasets/acme/sums/leaderboard"):
        shapes.HubRow.model_validate(row)


def test_leaderboards(client: TestClient) -> None:
    body = get(client, "/api/v1/leaderboards")

    assert [each["dataset_id"] for each in body["items"]] == ["acme/sums", "acme/errors", "acme/odd"]
    assert body["items"][0]["changed_at"] == "2026-11-01T12:00:00Z"
    assert [each["task_id"] for each in get(client, "/api/v1/leaderboards?q=WER")["items"]] == ["wer"]


def test_leaderboards__each_row_says_where_its_rows_are(client: TestClient) -> None:
    """A task's name is foreign text, and goes through an address whole."""
    tasks = get(client, "/api/v1/leaderboards")["items"]
    boards = [get(client, each["rows"]) for each in tasks]

    assert tasks[2]["task_id"] == HOSTILE
    assert [each["task"] for each in boards] == tasks


def test_benchmark(client: TestClient) -> None:
    assert [each["task_id"] for each in get(client, "/api/v1/leaderboards/acme/errors")["tasks"]] == ["wer"]
    assert get(client, "/api/v1/leaderboards/acme/nothing", 404)["title"] == "Not Found"


def test_rows__of_the_only_task(client: TestClient) -> None:
    body = get(client, "/api/v1/leaderboards/acme/errors/rows")

    assert [(row["rank"], row["claim"]["model"]) for row in body["items"]] == [(1, "beta/sum-1b"), (2, "acme/adder")]
    assert body["total"] == 2


def test_rows__the_contradicted_have_no_rank(client: TestClient) -> None:
    last = get(client, f"{SUMS}?per_page=1000")["items"][-1]

    assert (last["claim"]["model"], last["rank"]) == ("zeta/boast", None)


@pytest.mark.parametrize(
    ("query", "models"),
    [
        ("verified=true", ["acme/adder", "beta/sum-1b"]),
        ("min_rung=full", ["gamma/old", "acme/adder"]),
        ("owner=beta", ["beta/sum-1b", "beta/sum-1b-gguf"]),
        ("owner=beta&base_only=1", ["beta/sum-1b"]),
        ("owner=delta&best=true", ["delta/said"]),
        ("size_max=2B", ["beta/sum-1b", "beta/sum-1b-gguf"]),
        ("q=ADDER&sort=score", ["acme/adder", "acme/adder"]),
        ("q=nobody", []),
    ],
)
def test_rows__filters_are_those_of_the_command_line(client: TestClient, query: str, models: list[str]) -> None:
    body = get(client, f"{SUMS}?{query}")

    assert [row["claim"]["model"] for row in body["items"]] == models
    assert body["total"] == len(models)


@pytest.mark.parametrize("sort", ["rank", "model", "score", "date", "evidence"])
@pytest.mark.parametrize("choice", ["", "&q=model-", "&best=1"])
def test_rows__pages_have_every_row_once(client: TestClient, sort: str, choice: str) -> None:
    whole = get(client, f"{SUMS}?per_page=1000&sort={sort}{choice}")["items"]

    assert len({row["claim"]["id"] for row in whole}) == len(whole) > 100
    assert list(walk(client, f"{SUMS}?per_page=7&sort={sort}{choice}")) == whole


def test_rows__beyond_the_end(client: TestClient) -> None:
    answer = client.get(f"{SUMS}?page=900")

    assert answer.json()["items"] == []
    assert 'rel="prev"' in answer.headers["link"]
    assert 'rel="next"' not in answer.headers["link"]


def test_models(client: TestClient) -> None:
    names = [each["model"] for each in walk(client, "/api/v1/models?per_page=9")]

    assert names == sorted(names)
    assert len(names) == len(set(names)) > 150
    assert [each["model"] for each in get(client, "/api/v1/models?q=sum-1&owner=beta")["items"]] == [
        "beta/sum-1b", "beta/sum-1b-gguf",
    ]  # fmt: skip


def test_model__with_its_claims(client: TestClient) -> None:
    body = get(client, "/api/v1/models/acme/adder")

    assert body["repos"][0]["model"] == "acme/adder"
    assert [(each["dataset_id"], each["value"]) for each in body["claims"]] == [
        ("acme/errors", 0.12), ("acme/sums", 57.0), ("acme/sums", 58.5),
    ]  # fmt: skip
    assert body["counts"] == {"claims": 3, "events": 5, "conflicts": 0}
    get(client, "/api/v1/models/acme/nothing", 404)


def test_claims(client: TestClient) -> None:
    found = list(walk(client, "/api/v1/claims?per_page=50"))
    changed = [each["changed_at"] for each in found]

    assert len({each["id"] for each in found}) == len(found) > 150
    assert changed == sorted(changed, reverse=True)
    assert get(client, "/api/v1/claims?model=delta/said&benchmark=acme/sums&task=sums")["total"] == 3
    assert get(client, "/api/v1/claims?since=2026-11-01")["total"] == 13


def test_claim__with_all_that_happened(client: TestClient, records: Records) -> None:
    adder = next(each for each in claims_of(records, "acme/adder") if each.state == "main" and each.value == 57.0)
    body = get(client, f"/api/v1/claims/{adder.id}")

    assert body["claim"]["value"] == 57.0
    assert [each["kind"] for each in body["events"]] == ["submitted", "merged", "amended", "amended", "verified"]
    assert [each["body"] for each in body["verdicts"]] == ['{"kind": "verdict/1"}']
    assert body["disputes"] == []


def test_claim__in_dispute(client: TestClient, records: Records) -> None:
    said = claims_of(records, "delta/said")
    kinds = [[each["kind"] for each in get(client, f"/api/v1/claims/{one.id}")["disputes"]] for one in said]

    assert sorted(kinds) == [[], ["different-values"], ["different-values"]]


def test_claim__that_was_withdrawn_has_its_events() -> None:
    rows = small_world()
    gone = rows[ClaimRecord][0]
    rows[ClaimRecord] = rows[ClaimRecord][1:]
    rows[EventRecord] = (event(gone), event(gone, "withdrawn"))
    body = get(TestClient(reader(MemoryRecords(rows), Metrics())), f"/api/v1/claims/{gone.id}")

    assert body["claim"] is None
    assert {each["kind"] for each in body["events"]} == {"submitted", "withdrawn"}


def test_events(client: TestClient) -> None:
    newest = get(client, "/api/v1/events")["items"]

    assert [each["at"] for each in newest] == sorted((each["at"] for each in newest), reverse=True)
    assert get(client, "/api/v1/events?model=acme/adder&kind=amended&since=2026-11-01")["total"] == 1
    assert get(client, "/api/v1/events?benchmark=acme/errors")["total"] == 0


def test_receipts(client: TestClient) -> None:
    (mine,) = get(client, f"/api/v1/receipts?digest={'c' * 64}")["items"]

    assert (mine["body"], mine["state"], mine["reasons"], mine["key_name"]) == (HOSTILE, "valid", [], "acme's verifier")
    assert get(client, "/api/v1/receipts?model=acme/adder")["total"] == 3
    assert get(client, f"/api/v1/receipts?claim={mine['claim']}")["items"] == [mine]
    assert get(client, "/api/v1/receipts?state=untrusted")["items"][0]["claim"] == "0" * 32
    assert get(client, "/api/v1/receipts?state=nonsense", 422)["detail"].startswith("`state` must be one of valid")
    assert get(client, f"/api/v1/claims/{mine['claim']}")["receipts"] == [mine]


def test_conflicts_and_verdicts(client: TestClient) -> None:
    assert [each["model"] for each in get(client, "/api/v1/conflicts?kind=contradicted")["items"]] == ["zeta/boast"]
    assert get(client, "/api/v1/conflicts?benchmark=acme/sums")["total"] == 2
    assert get(client, f"/api/v1/verdicts/{'f' * 32}")["verdict"] == "verified"
    get(client, "/api/v1/verdicts/nothing", 404)


def test_hub__the_shape_of_its_own_leaderboard(client: TestClient) -> None:
    rows = get(client, "/api/datasets/acme/sums/leaderboard")
    adder = next(row for row in rows if row["modelId"] == "acme/adder" and "pullRequest" not in row)

    assert [row["rank"] for row in rows] == list(range(1, len(rows) + 1))
    assert adder["verified"] is False, "the Hub's badge is the Hub's alone"
    assert adder["evalmark"]["verdict"] == "verified"
    assert adder["evalmark"]["interval"] == [55.5, 59.5]
    assert adder["source"] == {"url": "https://example.org/log"}
    assert "beta/sum-1b-gguf" not in {row["modelId"] for row in rows}


def test_hub__models_made_from_others_are_asked_for(client: TestClient) -> None:
    rows = get(client, "/api/datasets/acme/sums/leaderboard?base_model=false&task_id=sums")

    assert "beta/sum-1b-gguf" in {row["modelId"] for row in rows}


def test_hub__what_is_not_there_says_so_as_the_hub_does(client: TestClient) -> None:
    answer = client.get("/api/datasets/acme/nothing/leaderboard")

    assert (answer.status_code, answer.headers["x-error-code"]) == (404, "RepoNotFound")


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/api/v1/claims?min-rung=full", "there is no parameter `min-rung` here, but: base_only"),
        ("/api/v1/claims?model=a&model=b", "`model` stands there twice"),
        ("/api/v1/claims?min_rung=fool", "`min_rung` must be one of syntax"),
        ("/api/v1/events?kind=fool", "`kind` must be one of submitted"),
        ("/api/v1/claims?page=0", "`page` must be a whole number from 1"),
        ("/api/v1/claims?page=900000", "a list ends after"),
        ("/api/v1/claims?per_page=1001", "`per_page` must be a whole number from 1 to 1000"),
        ("/api/datasets/acme/sums/leaderboard?base_model=perhaps", "`base_model` must be true or false"),
        ("/api/v1?x=1", "there is no parameter `x` here, but: none"),
    ],
)
def test_refused__in_a_sentence(client: TestClient, address: str, says: str) -> None:
    answer = client.get(address)

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["detail"].startswith(says)


def test_rows__of_several_tasks_need_the_task() -> None:
    rows = small_world()
    rows[TaskRecord] = (*rows[TaskRecord], task(task_id="a/../b?c#d%2F"))
    several = TestClient(reader(MemoryRecords(rows), Metrics()))

    assert "has 2 tasks" in get(several, SUMS, 422)["detail"]
    assert get(several, f"{SUMS}?task={quote('a/../b?c#d%2F', safe='')}")["task"]["task_id"] == "a/../b?c#d%2F"
    assert get(several, f"{SUMS}?task=nothing", 404)["status"] == 404


@pytest.mark.parametrize("text", [HOSTILE, "\0", "' OR 1=1 --", "%", "\ud800", "𝕏" * 3000, "", "a/b/c", ".."])
def test_hostile_text__finds_nothing_and_breaks_nothing(client: TestClient, text: str) -> None:
    given = quote(text, safe="", errors="surrogatepass")
    for name in ("models", "leaderboards"):
        answer = client.get(f"/api/v1/{name}?q={given}")
        assert answer.status_code in (200, 422)
    for name in ("claims", "verdicts"):
        assert client.get(f"/api/v1/{name}/{given}").status_code in (200, 404)
    for query in (f"model={given}", f"task={given}", f"owner={given}", f"since={given}", f"page={given}"):
        assert client.get(f"/api/v1/claims?{query}").status_code in (200, 422)
    assert client.get(f"/api/v1/events.atom?model={given}").status_code == 200


def test_feed__is_atom(client: TestClient) -> None:
    answer = client.get("/api/v1/events.atom?model=evil/name")
    feed = Xml.fromstring(answer.content)
    entry = feed.find(f"{ATOM}entry")

    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert entry is not None
    assert entry.findtext(f"{ATOM}id", "").startswith("tag:evalmark.github.io,2026:event/")
    assert entry.findtext(f"{ATOM}content", "").startswith("<script>")
    assert "\x1b" not in answer.text
    assert "<script>" not in answer.text


def test_feed__every_part_that_rfc_4287_demands(client: TestClient) -> None:
    feed = Xml.fromstring(client.get("/api/v1/events.atom").content)
    entries = feed.findall(f"{ATOM}entry")
    moment = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")

    assert len(entries) == 8
    for each in (feed, *entries):
        assert all(each.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated"))
        assert moment.fullmatch(each.findtext(f"{ATOM}updated", ""))
    assert all(each.findtext(f"{ATOM}author/{ATOM}name") for each in entries)
    assert len({each.findtext(f"{ATOM}id") for each in entries}) == 8
    assert feed.findtext(f"{ATOM}updated") == entries[0].findtext(f"{ATOM}updated")


def test_known__is_not_sent_again(client: TestClient) -> None:
    first = client.get(SUMS)
    again = client.get(SUMS, headers={"if-none-match": first.headers["etag"]})
    several = client.get(SUMS, headers={"if-none-match": f'"other", {first.headers["etag"]}'})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["cache-control"] == "public, max-age=60, stale-while-revalidate=300"
    assert several.status_code == 304
    assert client.get(SUMS, headers={"if-none-match": 'W/"other"'}).status_code == 200


def test_known__the_same_question_in_other_words(client: TestClient) -> None:
    tags = {client.get(f"{SUMS}?{query}").headers["etag"] for query in ("page=1&q=a", "q=a&page=1", "q=%61&page=1")}

    assert len(tags) == 1


def test_head__is_get_without_the_body(client: TestClient) -> None:
    headers = {"accept-encoding": "identity"}
    head, whole = client.head(SUMS, headers=headers), client.get(SUMS, headers=headers)

    assert head.content == b""
    assert head.headers == whole.headers
    assert int(head.headers["content-length"]) == len(whole.content)


def test_packed__if_asked(client: TestClient) -> None:
    plain = client.get(SUMS, headers={"accept-encoding": "gzip;q=0, br"})
    packed = client.get(SUMS, headers={"accept-encoding": "br, gzip"})

    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.json() == plain.json()
    assert int(packed.headers["content-length"]) < len(plain.content) / 4
    assert {"accept-encoding"} <= {each.strip().lower() for each in plain.headers["vary"].split(",")}


def test_other_origins__may_read_the_api_alone(client: TestClient) -> None:
    origin = {"origin": "https://elsewhere.example"}
    asked = {**origin, "access-control-request-method": "GET", "access-control-request-headers": "if-none-match"}

    assert client.get("/api/v1", headers=origin).headers["access-control-allow-origin"] == "*"
    assert client.options("/api/v1", headers=asked).status_code == 200
    assert client.options("/api/v1", headers={**asked, "access-control-request-method": "PUT"}).status_code == 400
    assert "access-control-allow-origin" not in client.get("/", headers=origin).headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_is_written(client: TestClient, method: str) -> None:
    answer = client.request(method, "/api/v1/claims")

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
    assert client.request(method, "/").status_code == 405


def test_everything_has_safe_headers(client: TestClient) -> None:
    for address in ("/api/v1", "/api/v1/nothing", "/", "/nothing", "/healthz", "/metrics"):
        headers = client.get(address).headers
        assert headers["x-content-type-options"] == "nosniff", address
        assert "default-src 'none'" in headers["content-security-policy"], address


def test_dashboard__stands_beside_it(client: TestClient) -> None:
    page = client.get("/")
    style = re.search(r'href="(assets/[^"]*\.css\?v=[^"]*)"', page.text)

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert client.get("/", headers={"if-none-match": page.headers["etag"]}).status_code == 304
    assert style is not None
    assert "immutable" in client.get(f"/{style[1]}").headers["cache-control"]
    assert client.get("/nothing").status_code == 404


def test_dashboard__a_page_without_its_last_slash(client: TestClient) -> None:
    answer = client.get("/models/acme/adder", follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (308, "adder/")
    assert client.get("/models/acme/adder").status_code == 200


def test_numbers__tell_how_answers_came_about(records: Records) -> None:
    client = TestClient(reader(records, Metrics()))
    tag = client.get("/api/v1").headers["etag"]
    client.get("/api/v1")
    client.get("/api/v1", headers={"if-none-match": tag})
    client.get("/api/v1/nothing")
    numbers = client.get("/metrics").text

    for how, status in (("made", 200), ("kept", 200), ("not-modified", 304), ("refused", 404)):
        assert f'evalmark_answers_total{{how="{how}",status="{status}"}} 1.0' in numbers
    assert client.get("/healthz").json() == {"store": "ok"}


class Broken(MemoryRecords):
    """A store that cannot be read."""

    def find(self, *_: Any, **__: Any) -> Any:
        raise CouldNotFinish("the store /secret/path cannot be opened", "check its rights")


class Gone(Broken):
    """A store whose version is not even known."""

    @property
    def version(self) -> str:
        raise CouldNotFinish("the store /secret/path cannot be opened", "check its rights")

    @version.setter
    def version(self, value: str) -> None: ...


@pytest.mark.parametrize("kind", [Broken, Gone])
@pytest.mark.parametrize("address", ["/api/v1/leaderboards", "/"])
def test_store__that_cannot_be_read(kind: Callable[..., MemoryRecords], address: str) -> None:
    answer = TestClient(reader(kind(world()), Metrics())).get(address)

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    assert answer.headers["cache-control"] == "no-store"
    assert "secret" not in answer.text


def test_bug__is_no_traceback() -> None:
    class Buggy(MemoryRecords):
        def find(self, *_: Any, **__: Any) -> Any:
            raise ZeroDivisionError("/secret/path")

    answer = TestClient(reader(Buggy(world()), Metrics())).get("/api/v1/claims")

    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "secret" not in answer.text
