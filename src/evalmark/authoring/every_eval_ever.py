"""A reported score as a record of Every Eval Ever, so that their collection and ours tell the same.

Source of the format: `eval.schema.json` of every-eval-ever 0.3.0 and its validator. What an entry does not say is left
out or `unknown`. What the schema has no field for stands in `additional_details`, under the names that converters of
that project use.
"""

from datetime import datetime
from typing import Literal, NamedTuple

from pydantic import JsonValue

from evalmark.formats.declaration import Unit
from evalmark.formats.results import Entry, Source

SCHEMA_VERSION = "0.3.0"
UNKNOWN = "unknown"
_UNITS: dict[Unit, tuple[str, int]] = {"fraction": ("proportion", 1), "percent": ("percent", 100)}

Relationship = Literal["first_party", "third_party", "other"]


class Told(NamedTuple):
    """What an entry does not say itself. `model`: the repo that reports the score, `owner/name`."""

    model: str
    model_revision: str | None = None
    unit: Unit | None = None
    lower_is_better: bool = False
    metric: str | None = None
    harness: str = UNKNOWN
    harness_version: str = UNKNOWN


def record(entry: Entry, told: Told, now: datetime) -> dict[str, JsonValue]:
    """The record. `now` is when it is made."""
    seconds = str(int(now.timestamp()))
    made: dict[str, JsonValue] = {
        "schema_version": SCHEMA_VERSION,
        "evaluation_id": f"{entry.dataset.task_id}/{told.model}/{seconds}",
        "retrieved_timestamp": seconds,
        "source_metadata": _source(entry.source, told.model),
        "eval_library": {"name": told.harness, "version": told.harness_version},
        "model_info": _model(told),
        "evaluation_results": [_evaluation(entry, told)],
    }
    return made if entry.date is None else {**made, "evaluation_timestamp": entry.date}


def _source(source: Source | None, model: str) -> dict[str, JsonValue]:
    """Who reports the score: a source that names nobody may be anybody's."""
    owner = model.partition("/")[0]
    reporter = (source.org or source.user) if source else owner
    relationship: Relationship = "other"
    if reporter is not None:
        relationship = "first_party" if reporter.casefold() == owner.casefold() else "third_party"
    made: dict[str, JsonValue] = {
        "source_type": "documentation",
        "source_organization_name": reporter or UNKNOWN,
        "evaluator_relationship": relationship,
    }
    if source is not None:
        made["additional_details"] = {"source_url": source.url}
        made |= {"source_name": source.name} if source.name else {}
    return made


def _model(told: Told) -> dict[str, JsonValue]:
    owner, _, _ = told.model.partition("/")
    details: dict[str, JsonValue] = {"deployment_type": UNKNOWN, "model_availability": UNKNOWN}
    if told.model_revision is not None:
        details["hf_revision"] = told.model_revision
    return {"name": told.model, "id": told.model, "developer": owner, "additional_details": details}


def _evaluation(entry: Entry, told: Told) -> dict[str, JsonValue]:
    dataset = entry.dataset
    used: dict[str, JsonValue] = {
        "dataset_name": dataset.id.partition("/")[2],
        "source_type": "hf_dataset",
        "hf_repo": dataset.id,
    }
    if dataset.revision is not None:
        used["additional_details"] = {"hf_revision": dataset.revision}
    made: dict[str, JsonValue] = {
        "evaluation_name": dataset.task_id,
        "source_data": used,
        "metric_config": _metric(entry.value, told),
        "score_details": {"score": entry.value},
    }
    if entry.notes:
        made["generation_config"] = {"additional_details": {"notes": entry.notes}}
    return made


def _metric(value: float, told: Told) -> dict[str, JsonValue]:
    """The scale is told only if the score is on it: the validator refuses a score outside its bounds."""
    made: dict[str, JsonValue] = {"lower_is_better": told.lower_is_better}
    if told.metric is not None:
        made["metric_name"] = told.metric
    if told.unit is not None:
        name, most = _UNITS[told.unit]
        made["metric_unit"] = name
        if 0 <= value <= most:
            made |= {"score_type": "continuous", "min_score": 0, "max_score": most}
    return made
