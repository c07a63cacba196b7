"""`eval.yaml`: text in; a typed model, places and findings out. Nothing here raises for what a file contains."""

from collections.abc import Mapping
from typing import NamedTuple

from evalmark.finding import Finding, Place, Severity, by_place, has_error
from evalmark.formats import nodes, tasks
from evalmark.formats.benchmark import Benchmark, InspectBenchmark
from evalmark.formats.document import read_document
from evalmark.formats.translate import validate
from evalmark.formats.wording_benchmark import BENCHMARK_KIND, INSPECT_KIND


class ParsedBenchmark(NamedTuple):
    """The benchmark, or None if there is an error. `root` is the whole file; None if its YAML cannot be used."""

    benchmark: Benchmark | None
    findings: tuple[Finding, ...]
    root: nodes.Mapping | None = None

    @property
    def places(self) -> Mapping[str, Place]:
        """The place of every field that is there, by its pointer: `tasks[0].id`."""
        return nodes.places_below(self.root) if self.root is not None else {}


def parse_benchmark(path: str, text: bytes) -> ParsedBenchmark:
    """Read an `eval.yaml` file. YAML errors hide the rest, since they make its meaning unsure."""
    document = read_document(path, text)
    root = document.root
    if root is None or has_error(document.findings):
        return ParsedBenchmark(None, document.findings)
    if not isinstance(root, nodes.Mapping):
        return ParsedBenchmark(None, by_place([*document.findings, _not_a_benchmark(root)]))
    inspect = tasks.are_for_inspect(root)
    model, kind = (InspectBenchmark, INSPECT_KIND) if inspect else (Benchmark, BENCHMARK_KIND)
    validated = validate(model, root, kind)
    beyond = [*tasks.id_findings(root, inspect=inspect), *tasks.recommended_keys(root)]
    findings = by_place([*document.findings, *validated.findings, *beyond])
    benchmark = None if has_error(findings) else validated.model
    return ParsedBenchmark(benchmark, findings, root)


def _not_a_benchmark(root: nodes.Node) -> Finding:
    return Finding(
        "benchmark-not-a-mapping",
        Severity.ERROR,
        root.place,
        f"the file must be a mapping with `tasks`, but it is {nodes.described(root)}",
        "write `name:`, `description:`, `evaluation_framework:` and `tasks:` at the margin",
    )
