"""Whatever bytes come: findings or a model, never an exception."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evalmark.finding import Finding, by_place
from evalmark.formats import document
from evalmark.formats.parse_benchmark import parse_benchmark
from evalmark.formats.parse_declaration import parse_declaration
from evalmark.formats.parse_results import parse_results

CORPUS = Path(__file__).parents[2] / "corpus"
FILES = sorted(
    file.read_bytes()
    for file in CORPUS.rglob("*")
    if file.suffix in (".yaml", ".yml", ".toml") and file.is_file() and file.stat().st_size < 5_000
)
SPLICES = [
    b"&a ", b"*a", b"!!str ", b"<<: ", b"{", b"}", b"[", b"]", b"- ", b": ", b"? ", b"\n", b"\n---\n", b"'", b'"', b"%",
    b"|\n", b"null", b"\t", b"\\ud800", b'"\\ud800"', b"\xff", b"\x00", b"9" * 400, b"1e999", b"{a: " * 12, b"''", b"#",
]  # fmt: skip
BOUNDED = settings(
    max_examples=60,
    deadline=timedelta(seconds=5),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def read(content: bytes) -> list[tuple[bool, tuple[Finding, ...]]]:
    results = parse_results("r.yaml", content)
    benchmark = parse_benchmark("eval.yaml", content)
    declaration = parse_declaration(".evalmark.toml", content)
    return [
        (bool(results.entries), results.findings),
        (benchmark.benchmark is not None, benchmark.findings),
        (declaration.declaration is not None, declaration.findings),
    ]


def assert_model_or_findings(content: bytes) -> None:
    for has_model, findings in read(content):
        assert has_model or findings
        assert findings == by_place(findings)
        assert all(f.message and f.help and f.place.line >= 1 and f.place.column >= 1 for f in findings)


@st.composite
def mutated_files(draw: st.DrawFn) -> bytes:
    content = draw(st.sampled_from(FILES))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        end = draw(st.integers(start, min(len(content), start + 20)))
        content = content[:start] + draw(st.sampled_from([b"", *SPLICES])) + content[end:]
    return content


TEXTS = st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("parser", [yaml.CSafeLoader, yaml.SafeLoader], ids=["C parser", "Python parser"])
@pytest.mark.parametrize(
    "contents", [st.binary(max_size=300), TEXTS, mutated_files()], ids=["bytes", "text", "mutated files"]
)
def test_parsing__never_raises(
    contents: st.SearchStrategy[bytes], parser: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document, "PARSER", parser)
    BOUNDED(given(contents)(assert_model_or_findings))()
