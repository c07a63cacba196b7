"""The API does what its OpenAPI description says, whatever is asked of it."""

import json
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode, checks
from starlette.types import ASGIApp

from evalmark.record import EventRecord
from evalmark.web.api.routes import ROUTES
from evalmark.web.metrics import Metrics
from evalmark.web.reading import reader
from tests.contract.test_api import in_duck, world

LEFT_OUT = [
    # A parameter that is left empty means the same as none, as a form sends it, and so do yes and on for true.
    checks.negative_data_rejection,
    # What is sought for is visible characters, which JSON Schema cannot say; a list ends after 100,000 items.
    checks.positive_data_acceptance,
]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> ASGIApp:
    """Over DuckDB, which is what could choke on a value."""
    return reader(in_duck(tmp_path_factory.mktemp("described") / "store.duckdb", world()), Metrics(), 0)


@pytest.fixture(scope="module")
def described(app: ASGIApp) -> Any:
    """The description, as the API gives it."""
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "mode"),
    [
        *((route.path, GenerationMode.POSITIVE) for route in ROUTES),
        *((route.path, GenerationMode.NEGATIVE) for route in ROUTES if route.parameters),
    ],
)
def test_api__answers_as_described(described: Any, path: str, mode: GenerationMode) -> None:
    """Whatever is asked, as described or not, no answer is a 500 or of another shape."""

    @given(described[path]["GET"].as_strategy(generation_mode=mode))
    @settings(
        max_examples=50,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def answers(case: Any) -> None:
        case.call_and_validate(excluded_checks=LEFT_OUT)

    answers()


def test_description__says_what_every_column_means(described: Any) -> None:
    raw = described.raw_schema
    event = raw["components"]["schemas"]["Event"]["properties"]

    assert raw["openapi"].startswith("3.1")
    assert set(event) == set(EventRecord.__dataclass_fields__)
    assert event["kind"]["description"].startswith("submitted, amended")
    assert all(
        parameter["description"] for path in raw["paths"].values() for parameter in path["get"].get("parameters", ())
    )


def test_description__names_no_shape_that_is_not_there(described: Any) -> None:
    text = json.dumps(described.raw_schema)
    named = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}

    assert named <= set(described.raw_schema["components"]["schemas"])
