"""Speed of `evalmark check` against check-jsonschema with a schema of the same format, in one run on one machine.

    python -m benchmarks.check [FILES]

Prints ratios; an absolute time says little. Goals: one file cold at most 0.7 of check-jsonschema's time; many files at
least six times faster; many files at most 2.5 times PyYAML's bare C parse. The schema stands here because the schemas
of the two formats are not published yet.
"""

import json
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from evalmark.flows.check import check

SCRIPTS = Path(sysconfig.get_path("scripts"))
ENTRY = """\
- dataset:
    id: acme/sums
    task_id: sums
    revision: "{revision}"
  value: {value}
  date: "2026-01-02"
  source: {{url: "https://example.org/logs/{value}", name: Log}}
  notes: "run {value}"
"""
SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["dataset", "value"],
        "properties": {
            "dataset": {
                "type": "object",
                "required": ["id", "task_id"],
                "properties": {"id": {"type": "string", "pattern": "^[^/]+/[^/]+$"}, "task_id": {"type": "string"}},
            },
            "value": {"type": "number"},
            "date": {"type": "string"},
            "source": {"type": "object", "required": ["url"], "properties": {"url": {"type": "string"}}},
            "notes": {"type": "string"},
        },
    },
}
RUNS = 7


def best(job: Callable[[], object], runs: int = RUNS) -> float:
    """The fastest of some runs, in seconds: the one that the machine disturbed least."""
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        job()
        times.append(time.perf_counter() - started)
    return min(times)


def command(*words: str | Path) -> Callable[[], object]:
    """Run a command that must succeed."""
    return lambda: subprocess.run([str(word) for word in words], check=True, capture_output=True)


def main(argv: list[str]) -> int:
    """Measure and print."""
    count = int(argv[1]) if len(argv) > 1 else 2000
    with tempfile.TemporaryDirectory() as folder:
        repo = Path(folder)
        (repo / ".eval_results").mkdir()
        files = [repo / f".eval_results/{number:05}.yaml" for number in range(count)]
        for number, file in enumerate(files):
            file.write_text(ENTRY.format(revision=f"{number:040x}", value=f"{number % 100}.5"))
        schema = repo / "schema.json"
        schema.write_text(json.dumps(SCHEMA))
        ours, theirs = SCRIPTS / "evalmark", SCRIPTS / "check-jsonschema"
        cold = best(command(ours, "check", files[0])) / best(command(theirs, "--schemafile", schema, files[0]))
        many = best(command(theirs, "--schemafile", schema, *files), 3) / best(command(ours, "check", repo), 3)
        texts = {file.as_posix(): file.read_bytes() for file in files}

        def bare() -> None:
            for text in texts.values():
                yaml.load(text, Loader=yaml.CSafeLoader)

        parse = best(lambda: check(texts), 3) / best(bare, 3)
    print(f"one file, cold:    {cold:.2f} of check-jsonschema's time (goal: at most 0.70)")
    print(f"{count} files:        {many:.1f} times faster (goal: at least 6)")
    print(f"{count} files, warm:  {parse:.2f} of PyYAML's bare C parse (goal: at most 2.5)")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
