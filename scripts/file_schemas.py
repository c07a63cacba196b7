"""JSON Schema 2020-12 of the file formats, made from the models that decide: what an editor checks and shows.

Only keywords that draft 7 knows with the same meaning are used, because yaml-language-server reads every schema as
draft 7. Where Python's types and JSON's differ, the schema says what pydantic does.
"""

import json
import sys
import tomllib
from pathlib import Path
from typing import Any, TypeAlias

import yaml
from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from evalmark.formats.benchmark import Benchmark, InspectBenchmark
from evalmark.formats.declaration import Declaration
from evalmark.formats.parse_declaration import SETTINGS_TABLE
from evalmark.formats.results import Results
from evalmark.formats.translate import FileKind
from evalmark.formats.upstream import FRAMEWORKS, INSPECT_AI
from evalmark.formats.wording_benchmark import BENCHMARK_KIND, INSPECT_KIND
from evalmark.formats.wording_declaration import DECLARATION_KIND
from evalmark.formats.wording_results import ENTRY_KIND

Schema: TypeAlias = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SCHEMA_ID = "urn:evalmark:schema"
VERSION = 1

# Whole files to show in an editor and to copy.
EXAMPLES = Path(__file__).resolve().parent.parent / "schemas/examples"

# No number is both, but NaN passes every comparison, in Python as in JavaScript.
_NOT_A_NUMBER = {"type": "number", "minimum": 1, "maximum": 0}
# Python lets the `$` of a pattern match before a last line break; pydantic and JavaScript do not.
_SEVERAL_LINES = {"type": "string", "pattern": "\\n"}

_RULES = {"type": "array", "items": {"type": "string"}}
_SETTINGS = {
    "title": "settings of evalmark check",
    "description": "Settings of `evalmark check` for this folder. The declaration does not depend on them.",
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "select": {
            **_RULES,
            "description": "The only rules to tell about, by id; `docs/rules.md` lists them.",
            "examples": [["value-not-a-number", "dataset-id-form"]],
        },
        "ignore": {
            **_RULES,
            "description": "Rules to say nothing about, by id; `docs/rules.md` lists them.",
            "examples": [["judge-paid"]],
        },
        "strict": {
            "type": "boolean",
            "description": "Whether a warning makes the exit code 1, as an error does.",
            "examples": [True],
        },
    },
    "examples": [{"ignore": ["judge-paid"], "strict": True}],
}


class _ForEditors(GenerateJsonSchema):
    """What pydantic would write, with the strictness it leaves out, and without what makes messages long."""

    def str_schema(self, schema: core_schema.StringSchema) -> Schema:
        made = super().str_schema(schema)
        return {**made, "not": _SEVERAL_LINES} if "pattern" in made else made

    def float_schema(self, schema: core_schema.FloatSchema) -> Schema:
        made = super().float_schema(schema)
        if schema.get("allow_inf_nan", True):
            return made
        lowest = {} if "exclusiveMinimum" in made else {"minimum": -sys.float_info.max}
        highest = {} if "exclusiveMaximum" in made else {"maximum": sys.float_info.max}
        return {**lowest, **highest, **made, "not": _NOT_A_NUMBER}

    def nullable_schema(self, schema: core_schema.NullableSchema) -> Schema:
        """One type list: validators explain `anyOf` badly."""
        inner = self.generate_inner(schema["schema"])
        if not isinstance(inner.get("type"), str):
            return super().nullable_schema(schema)
        choices = {"enum": [*inner["enum"], None]} if "enum" in inner else {}
        return {**inner, "type": [inner["type"], "null"], **choices}

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> Schema:
        """Editors fill a default in, and nobody wants to be given `notes: null`."""
        made = super().default_schema(schema)
        return {key: value for key, value in made.items() if (key, value) != ("default", None)}

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - pydantic's signature
        return False


def file_schemas() -> dict[str, str]:
    """The text of each schema, by the name of its file."""
    made = {"eval-results": results_schema(), "eval": benchmark_schema(), "evalmark": declaration_schema()}
    return {
        f"{name}.schema.json": json.dumps(schema, indent=2, ensure_ascii=False) + "\n" for name, schema in made.items()
    }


def results_schema() -> Schema:
    """Of `.eval_results/*.yaml`."""
    made = TypeAdapter(Results).json_schema(schema_generator=_ForEditors)
    head = _head(
        "eval-results",
        "Scores that a model repo reports (.eval_results/*.yaml)",
        "A list with one entry for each score. The Hub shows them on the model's page and on the leaderboards of the "
        "benchmarks; a file with one bad entry is not shown at all.",
        yaml.safe_load((EXAMPLES / "model/.eval_results/gpqa.yaml").read_text("utf-8")),
    )
    return _titled({**head, **_null_in_definitions(made)}, ENTRY_KIND)


def benchmark_schema() -> Schema:
    """Of `eval.yaml`: what Inspect asks of a task holds for the benchmarks that Inspect runs."""
    benchmark, inspect = (_schema_of(model) for model in (Benchmark, InspectBenchmark))
    properties = {**benchmark["properties"], "tasks": _without(benchmark["properties"]["tasks"], "items")}
    head = _head(
        "eval",
        "A benchmark and its leaderboards (eval.yaml)",
        "Stands at the root of a dataset repo and makes it a benchmark: each task is a leaderboard of the Hub. "
        "With `evaluation_framework: inspect-ai` it also says how Inspect runs the tasks.",
        yaml.safe_load((EXAMPLES / "benchmark/eval.yaml").read_text("utf-8")),
    )
    made = {
        **head,
        "type": "object",
        "properties": properties,
        "required": benchmark["required"],
        "if": _is_for_inspect(inspect["$defs"]["InspectTask"]["required"]),
        "then": {"properties": {"tasks": inspect["properties"]["tasks"]}},
        "else": {"properties": {"tasks": benchmark["properties"]["tasks"]}},
        "$defs": {**benchmark["$defs"], **inspect["$defs"]},
    }
    return _titled(_titled(made, BENCHMARK_KIND), INSPECT_KIND)


def declaration_schema() -> Schema:
    """Of `.evalmark.toml`, with the table that `evalmark check` reads for itself."""
    made = _schema_of(Declaration)
    example = tomllib.loads((EXAMPLES / "benchmark/.evalmark.toml").read_text("utf-8"))
    head = _head(
        "evalmark",
        "What a benchmark declares for verification (.evalmark.toml)",
        "Stands beside `eval.yaml` at the root of a benchmark's dataset repo. Its top-level keys hold for every task "
        "that does not override them. Every key may be left out.",
        example,
    )
    properties = {**made["properties"], SETTINGS_TABLE: _SETTINGS}
    return _titled({**head, **_without(made, "title", "description"), "properties": properties}, DECLARATION_KIND)


def _is_for_inspect(only_inspect_has: list[str]) -> Schema:
    """`tasks.are_for_inspect` in JSON Schema."""
    needs_inspect = {"type": "object", "anyOf": [{"required": [key]} for key in only_inspect_has]}
    looks_like_it = {"properties": {"tasks": {"type": "array", "contains": needs_inspect}}, "required": ["tasks"]}
    return {"anyOf": [_has_framework(INSPECT_AI), {"allOf": [{"not": _has_framework(*FRAMEWORKS)}, looks_like_it]}]}


def _has_framework(*names: str) -> Schema:
    return {"properties": {"evaluation_framework": {"enum": list(names)}}, "required": ["evaluation_framework"]}


def _schema_of(model: type[BaseModel]) -> Schema:
    return model.model_json_schema(schema_generator=_ForEditors)


def _head(name: str, title: str, description: str, example: object) -> Schema:
    return {
        "$schema": DIALECT,
        "$id": f"{SCHEMA_ID}:{name}:{VERSION}",
        "title": title,
        "description": description,
        "examples": [example],
    }


def _titled(schema: Schema, kind: FileKind) -> Schema:
    """With the names that our own messages use, since editors say `Expected "a solver"`."""
    titles = {part.model.__name__: {"title": part.name.strip("`")} for part in kind.parts.values()}
    return {**schema, "$defs": {name: {**each, **titles.get(name, {})} for name, each in schema["$defs"].items()}}


def _null_in_definitions(schema: Schema) -> Schema:
    """A part that may be null, such as `source`, with one type list as well. Nothing else may refer to it."""
    definitions: Schema = schema["$defs"]
    for definition in tuple(definitions.values()):
        for key, each in definition["properties"].items():
            match each.get("anyOf"):
                case [{"$ref": str(reference)}, {"type": "null"}]:
                    definition["properties"][key] = {"$ref": reference, **_without(each, "anyOf")}
                    definitions[reference.rpartition("/")[2]]["type"] = ["object", "null"]
    return schema


def _without(schema: Schema, *keys: str) -> Schema:
    return {key: value for key, value in schema.items() if key not in keys}
