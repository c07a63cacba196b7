"""Speed of `evalmark check` against check-jsonschema with our own schema, in one run on one machine.

    python -m benchmarks.check [FILES]

Prints ratios; an absolute time says little. Goals: one file cold at most 0.7 of check-jsonschema's time; many files at
least six times faster; many files at most 2.5 times PyYAML's bare C parse.

What would make many files ten times faster: of the time for 2,000 files two fifths are Python and its imports, a fifth
is libyaml, and the rest are our tree and rules in Python. A parser that gives values and places from one call of C, or
one process for each processor, would do it; neither is worth its cost for repos that hold ten files.
"""

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
SCHEMA = Path(__file__).parent.parent / "schemas/eval-results.schema.json"
RUNS = 7


def best(job: Callable[[], object], runs: int = RUNS) -> float:
    """The fastest of some runs, in seconds: the one that the machine disturbed least."""
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        job()
        times.append(time.perf_counter() - started)
    return min(times)


def command(folder: Path, *words: str | Path) -> Callable[[], object]:
    """Run a command in a folder; it must succeed."""
    return lambda: subprocess.run([str(word) for word in words], check=True, capture_output=True, cwd=folder)


def main(argv: list[str]) -> int:
    """Measure and print."""
    count = int(argv[1]) if len(argv) > 1 else 2000
    with tempfile.TemporaryDirectory() as folder:
        repo = Path(folder)
        (repo / ".eval_results").mkdir()
        files = [repo / f".eval_results/{number:05}.yaml" for number in range(count)]
        for number, file in enumerate(files):
            file.write_text(ENTRY.format(revision=f"{number:040x}", value=f"{number % 100}.5"))
        ours, theirs = SCRIPTS / "evalmark", SCRIPTS / "check-jsonschema"
        cold = best(command(repo, ours, "check", files[0])) / best(
            command(repo, theirs, "--schemafile", SCHEMA, files[0])
        )
        many = best(command(repo, theirs, "--schemafile", SCHEMA, *files), 3) / best(
            command(repo, ours, "check", repo), 3
        )
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
