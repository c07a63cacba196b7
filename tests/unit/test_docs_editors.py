"""`docs/editors.md`: its snippets can be pasted, and name files and schemas that are there."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from evalmark import __version__
from evalmark.flows.check import check
from scripts.regenerate import ROOT
from tests.corpus.cases import TODAY

PAGE = (ROOT / "docs/editors.md").read_text("utf-8")
FENCE = re.compile(r"^```(\w+) ?(\S*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SNIPPETS = [(match[1], match[2], match[3]) for match in FENCE.finditer(PAGE)]
FILES = [(path, text) for language, path, text in SNIPPETS if language in ("yaml", "toml")]
ADDRESS = re.compile(r"https://raw\.githubusercontent\.com/evalmark/evalmark/v([0-9.]+)/(schemas/[a-z.-]+\.json)")
RESULTS, BENCHMARK, DECLARATION = (f"{name}.schema.json" for name in ("eval-results", "eval", "evalmark"))


def file_patterns() -> Iterator[tuple[str, str]]:
    """Every schema with a pattern of the files that it is for, as an editor or the catalogue is told."""
    for language, _, text in SNIPPETS:
        if language == "json":
            yield from patterns_in(json.loads(text))
        if language == "lua":
            yield from re.findall(r'\["([^"]+)"\] = "([^"]+)"', text)


def patterns_in(data: Any) -> Iterator[tuple[str, str]]:
    if isinstance(data, list):
        yield from ((entry["url"], pattern) for entry in data for pattern in entry["fileMatch"])
        return
    settings = data.get("lsp", {}).get("yaml-language-server", {}).get("settings", {}).get("yaml", {})
    yield from (data.get("yaml.schemas") or settings["schemas"]).items()


def matches(pattern: str, path: str) -> bool:
    """As editors do it: a pattern without a slash at its beginning matches in any folder."""
    anywhere = re.escape(pattern).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*")
    return re.fullmatch(anywhere[1:] if pattern.startswith("/") else f"(?:.*/)?{anywhere}", path) is not None


def test_page__has_the_snippets_that_are_tested() -> None:
    assert [language for language, _, _ in SNIPPETS] == [
        "yaml",
        "yaml",
        "toml",
        "json",
        "lua",
        "json",
        "json",
        "sh",
        "text",
    ]


@pytest.mark.parametrize(("path", "text"), FILES)
def test_file_with_the_comment__passes_the_check(path: str, text: str) -> None:
    assert check({path: text.encode()}, TODAY) == ()


@pytest.mark.parametrize(("path", "text"), FILES)
def test_comment__is_alone_on_the_first_line_and_names_the_schema_of_the_file(path: str, text: str) -> None:
    comment = text.splitlines()[0]
    schema = {".eval_results/gpqa.yaml": RESULTS, "eval.yaml": BENCHMARK, ".evalmark.toml": DECLARATION}[path]

    assert comment.startswith(("# yaml-language-server: $schema=https://", "#:schema https://"))
    assert comment.endswith(f"/schemas/{schema}")


@pytest.mark.parametrize(("version", "file"), sorted(set(ADDRESS.findall(PAGE))))
def test_address__is_of_this_version_and_of_a_schema_that_is_there(version: str, file: str) -> None:
    assert version == __version__
    Draft202012Validator.check_schema(json.loads((ROOT / file).read_text("utf-8")))


@pytest.mark.parametrize(("schema", "pattern"), list(file_patterns()))
def test_pattern__matches_the_files_of_its_schema_and_no_others(schema: str, pattern: str) -> None:
    files = {
        RESULTS: [".eval_results/hle.yaml"],
        BENCHMARK: ["eval.yaml"],
        DECLARATION: [".evalmark.toml"],
    }
    others = [".eval_results/hle.yml", ".eval_results/nested/hle.yaml", "results/hle.yaml", "docs/eval.yaml", "x.toml"]
    every = [path for each in files.values() for path in each] + others

    assert [path for path in every if matches(pattern, path)] == files[Path(schema).name]


def test_catalogue__has_the_entries_that_schemastore_asks_for() -> None:
    entries = json.loads(next(text for _, name, text in SNIPPETS if name == "catalog.json"))

    assert [sorted(entry) for entry in entries] == [["description", "fileMatch", "name", "url"]] * 2
