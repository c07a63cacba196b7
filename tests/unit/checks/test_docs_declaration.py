"""The examples in docs/declaration.md and docs/settings.md can be copied."""

import re
from pathlib import Path

import pytest

from evalmark.flows.check import check
from evalmark.formats.declaration import Declaration, TaskDeclaration
from evalmark.formats.settings import Settings
from tests.corpus.cases import TODAY

DOCS = Path(__file__).parents[3] / "docs"
PAGES = {name: (DOCS / name).read_text("utf-8") for name in ("declaration.md", "settings.md")}
EXAMPLES = [
    text for page in PAGES.values() for text in re.findall(r"^```toml \S+\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
]


@pytest.mark.parametrize("text", EXAMPLES)
def test_example__passes_the_check(text: str) -> None:
    assert check({".evalmark.toml": text.encode()}, TODAY) == ()


@pytest.mark.parametrize("key", sorted({*TaskDeclaration.model_fields, *Declaration.model_fields}))
def test_page__has_every_key(key: str) -> None:
    assert re.search(rf"^\[*{key}\b", PAGES["declaration.md"], re.MULTILINE)


@pytest.mark.parametrize("setting", Settings.model_fields)
def test_page__has_every_setting(setting: str) -> None:
    assert f"`{setting}`" in PAGES["settings.md"]
