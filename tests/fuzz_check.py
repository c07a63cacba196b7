"""Mutated files through every rule: findings or none, never an exception, never more than a second a file.

    python -m tests.fuzz_check --count 100000 --seed 1

prints what `tests/fuzz_results.md` records. The unit tests run a small number of the same files.
"""

# ruff: noqa: T201 - a command prints

import argparse
import random
import resource
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from evalmark.checks.registry import RULE_BY_ID
from evalmark.finding import Finding, Severity
from evalmark.flows.check import check
from tests.corpus.cases import TODAY, all_files

SECONDS_A_FILE = 1.0
MEGABYTES = 200
LARGEST = 70_000

NASTY = [
    b"1e3", b"012", b"yes", b"1:30", b"190:20:30", b"2026-01-15", b"2026-13-45", b"=", b"<<", b"~", b"", b".nan",
    b"-.inf", b"1e999", b"9" * 400, b"0x" + b"f" * 300, b"1" + b":1" * 300, b"1_" * 200, b"'20.9%'", b"[", b"{", b"]",
    b"}", b"&a", b"*a", b"!!python/object:os.system", b"!!str", b"|", b">", b"- ", b"? ", b": ", b"#", b"%YAML 1.1",
    b"---", b"...", b'"', b"'", b"\\", b"\t", b"\x00", b"\x07", b"\xff", b"\xc2\x85", b"\xe2\x80\xa8",
    b"\xef\xbb\xbf", b"\xf0\x9f\x98\x80", b"\xed\xa0\x80", b"https://[", b"http://a/" + b"b" * 500, b"owner-hf/name",
    b"/proc/self/environ", b"s3://x", b"openai/gpt-4o", b"w/ tools", b"(" * 60, b"-" * 100, b"hf/" * 50, b"{a: " * 20,
    b"[" * 600, b"a: &x [*x, *x]", b"{" + b"a, " * 900 + b"}",
]  # fmt: skip
KEYS = [
    b"dataset", b"value", b"date", b"source", b"notes", b"verify_token", b"metrics", b"tasks", b"field_spec",
    b"solvers", b"scorers", b"scores", b"title", b"group", b"languages", b"epochs", b"args", b"model", b"name", b"id",
    b"<<", b"on", b"1", b"{}",
]  # fmt: skip

Mutation = Callable[[random.Random, bytes], bytes]


def _span(chance: random.Random, text: bytes, longest: int) -> tuple[int, int]:
    start = chance.randint(0, len(text))
    return start, min(len(text), start + chance.randint(0, longest))


def splice(chance: random.Random, text: bytes) -> bytes:
    """Put something nasty in the place of a few bytes."""
    start, end = _span(chance, text, 20)
    return text[:start] + chance.choice(NASTY) + text[end:]


def flip(chance: random.Random, text: bytes) -> bytes:
    """Change single bytes."""
    data = bytearray(text)
    for _ in range(chance.randint(1, 4)):
        if data:
            data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def cut(chance: random.Random, text: bytes) -> bytes:
    """Leave a part out."""
    start, end = _span(chance, text, 200)
    return text[:start] + text[end:]


def repeat(chance: random.Random, text: bytes) -> bytes:
    """A part many times, up to the largest file."""
    start, end = _span(chance, text, 100)
    times = chance.choice([2, 3, 20, 300, LARGEST // max(1, end - start)])
    return (text[:start] + text[start:end] * times + text[end:])[:LARGEST]


def move_lines(chance: random.Random, text: bytes) -> bytes:
    """Lines in another order, twice, or with another indentation."""
    lines = text.split(b"\n")
    first, second = chance.randrange(len(lines)), chance.randrange(len(lines))
    match chance.randrange(3):
        case 0:
            lines[first], lines[second] = lines[second], lines[first]
        case 1:
            lines.insert(second, lines[first])
        case _:
            lines[first] = b" " * chance.randint(0, 8) + lines[first].lstrip()
    return b"\n".join(lines)


def change_value(chance: random.Random, text: bytes) -> bytes:
    """Another value for a key: the structure stays."""
    lines = text.split(b"\n")
    with_values = [number for number, line in enumerate(lines) if b": " in line]
    if with_values:
        number = chance.choice(with_values)
        lines[number] = lines[number].partition(b": ")[0] + b": " + chance.choice(NASTY)
    return b"\n".join(lines)


def change_key(chance: random.Random, text: bytes) -> bytes:
    """Another key for a value: the structure stays."""
    lines = text.split(b"\n")
    with_values = [number for number, line in enumerate(lines) if b": " in line]
    if with_values:
        number = chance.choice(with_values)
        key, _, value = lines[number].partition(b": ")
        indentation = key[: len(key) - len(key.lstrip(b" -"))]
        lines[number] = indentation + chance.choice(KEYS) + b": " + value
    return b"\n".join(lines)


MUTATIONS: tuple[Mutation, ...] = (splice, flip, cut, repeat, move_lines, change_value, change_key)


def mutated_files(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """`count` files, the same for the same seed and corpus: one to four mutations of a file of the corpus each."""
    chance = random.Random(seed)
    originals = sorted(all_files().items())
    small = [(path, text) for path, text in originals if len(text) < 5_000]
    for _ in range(count):
        path, text = chance.choice(small if chance.random() < 0.99 else originals)
        for _ in range(chance.randint(1, 4)):
            text = chance.choice(MUTATIONS)(chance, text)
        yield path, text


@dataclass
class Report:
    """What a run showed."""

    count: int = 0
    with_findings: int = 0
    rules: set[str] = field(default_factory=set)
    unregistered: set[tuple[str, Severity]] = field(default_factory=set)
    slowest: tuple[float, str, bytes] = (0.0, "", b"")
    failures: list[tuple[str, bytes, str]] = field(default_factory=list)

    def add(self, path: str, text: bytes) -> None:
        """Check one file."""
        start = time.process_time()
        try:
            findings = check({path: text}, TODAY)
        except Exception:  # noqa: BLE001 - finding any is what this is for
            self.failures.append((path, text, traceback.format_exc()))
            findings = ()
        self.slowest = max(self.slowest, (time.process_time() - start, path, text))
        self.count += 1
        self.with_findings += bool(findings)
        self.rules.update(finding.rule for finding in findings)
        self.unregistered.update((item.rule, item.severity) for item in findings if not is_registered(item))

    @property
    def is_good(self) -> bool:
        """No exception, no slow file, no rule or severity that is not registered, not too much memory."""
        quick_and_small = self.slowest[0] < SECONDS_A_FILE and peak_megabytes() < MEGABYTES
        return quick_and_small and not self.failures and not self.unregistered


def is_registered(finding: Finding) -> bool:
    """Whether the registry has the rule with this severity."""
    rule = RULE_BY_ID.get(finding.rule)
    return rule is not None and finding.severity in (rule.severity, rule.milder)


def peak_megabytes() -> float:
    """The most memory that this process ever had, so also the most for one file."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run(count: int, seed: int) -> Report:
    """Check `count` mutated files."""
    report = Report()
    for path, text in mutated_files(count, seed):
        report.add(path, text)
    return report


def main(argv: list[str]) -> int:
    """Run, and print what is to be recorded."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz_check", description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(argv)
    start = time.process_time()
    report = run(args.count, args.seed)
    seconds, path, text = report.slowest
    print(f"seed {args.seed}, {report.count} files, {time.process_time() - start:.0f} s")
    print(f"{report.with_findings} with findings, of {len(report.rules)} rules")
    print(f"exceptions: {len(report.failures)}, unregistered: {len(report.unregistered)}")
    print(f"slowest: {seconds * 1000:.0f} ms, {len(text)} bytes, from {path}")
    print(f"peak memory of the process: {peak_megabytes():.0f} MB")
    for path, text, trace in report.failures[:3]:
        print(path, text[:2000], trace, sep="\n")
    return 0 if report.is_good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
