"""The rules for a benchmark beyond what the parser finds."""

from collections.abc import Iterator

from evalmark.checks.dialects import EUROEVAL_KEYS, euroeval_keys, other_format
from evalmark.checks.fields import items_in, text_in
from evalmark.checks.older import benchmark_version_findings, pointers_of_errors
from evalmark.checks.registry import found
from evalmark.checks.rerun import rerun_findings
from evalmark.finding import Finding
from evalmark.formats.nodes import Mapping, shown
from evalmark.formats.parse_benchmark import ParsedBenchmark
from evalmark.formats.tasks import are_for_inspect


def benchmark_findings(parsed: ParsedBenchmark, dataset_id: str | None = None) -> Iterator[Finding]:
    """All findings of an `eval.yaml`, the parser's too. `dataset_id` is the repo's `owner/name`, if it is known.

    A file of another tool gets one finding that says so, instead of one for each key.
    """
    root = parsed.root
    if root is None:
        yield from parsed.findings
        return
    other = other_format(root)
    if other is not None:
        yield other
        return
    yield from _of_a_benchmark(parsed.findings, root, dataset_id)


def _of_a_benchmark(parsed: tuple[Finding, ...], root: Mapping, dataset_id: str | None) -> Iterator[Finding]:
    yield from (finding for finding in parsed if not _is_told_by_euroeval(finding))
    euroeval = euroeval_keys(root)
    if euroeval is not None:
        yield euroeval
    inspect = are_for_inspect(root)
    yield from benchmark_version_findings(root, pointers_of_errors(parsed), inspect=inspect)
    if inspect:
        yield from _addresses(root, dataset_id)
        yield from rerun_findings(root)


def _is_told_by_euroeval(finding: Finding) -> bool:
    return finding.rule == "unknown-key" and finding.place.pointer in EUROEVAL_KEYS


def _addresses(root: Mapping, dataset_id: str | None) -> Iterator[Finding]:
    """Whether `inspect eval hf/<dataset>/<task>` can name the tasks."""
    if dataset_id is not None and "hf/" in f"{dataset_id}/":
        yield found(
            "dataset-id-hf",
            root.place,
            f"Inspect cannot load {shown(dataset_id)}: it takes every `hf/` in the address for its own prefix",
            "move the dataset to an owner, or give it a name, that does not end in hf",
        )
    for task in items_in(root, "tasks"):
        task_id = text_in(task, "id")
        if task_id is not None and "/" in task_id.text:
            yield found(
                "task-id-slash",
                task_id.place,
                f"`{shown(task_id.text)}` holds a slash, so `inspect eval hf/<dataset>/<task>` cannot name the task",
                f"write it without, such as {shown(task_id.text).replace('/', '_')}",
            )
