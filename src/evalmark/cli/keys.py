"""Whose receipts are believed: `--keys FILE`, `--keys DIR` or `--keys owner/name`, read into keys."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from evalmark.cli import options
from evalmark.errors import CouldNotFinish, UsageProblem
from evalmark.facts import BenchmarkMissing, BenchmarkRef
from evalmark.finding import Finding, Severity
from evalmark.flows.verify import looked_up
from evalmark.formats.declaration import KEY_PATTERN
from evalmark.formats.parse_declaration import parse_declaration
from evalmark.keyring import TrustedKey, keys_of
from evalmark.ports import Benchmarks
from evalmark.report.escape import plain

KEY = re.compile(KEY_PATTERN)
_EXAMPLE = 'write trusted_keys = ["ed25519:…"] or [[keys]] in it, as in a benchmark\'s .evalmark.toml'


def keys_at(named: Iterable[str], benchmarks: Benchmarks) -> tuple[TrustedKey, ...]:
    """The keys that `--keys` names: of files, of folders of them, and those that benchmarks on the Hub declare on main.

    Raises `UsageProblem` for what holds none, `CouldNotFinish` for a benchmark that is out of reach.
    """
    return tuple(key for name in named for key in _keys(name, benchmarks))


def _keys(name: str, benchmarks: Benchmarks) -> Iterator[TrustedKey]:
    path = Path(name)
    files = sorted(each for each in path.iterdir() if each.suffix in (".pub", ".toml")) if path.is_dir() else []
    if files or path.is_file() or not options.REPO_NAME.fullmatch(name):
        for file in files or [path]:
            yield from (_public(file),) if file.suffix == ".pub" else _declared_in(file)
    else:
        yield from _declared_by(name, benchmarks)


def _declared_by(name: str, benchmarks: Benchmarks) -> tuple[TrustedKey, ...]:
    found = looked_up(BenchmarkRef(name), benchmarks)
    if isinstance(found, BenchmarkMissing):
        kind = UsageProblem if found.surely else CouldNotFinish
        raise kind(f"`--keys {name}`: {plain(found.reason, 300)}", plain(found.advice, 300) or "name another")
    _refuse(name, (each for each in found.findings if each.place.path.endswith(".evalmark.toml")))
    return _some(name, keys_of(found.declaration))


def _public(path: Path) -> TrustedKey:
    """What `evalmark receipt keygen` wrote."""
    try:
        text = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageProblem(f"`--keys {path}` cannot be read", "give what evalmark receipt keygen wrote") from error
    if not KEY.fullmatch(text):
        raise UsageProblem(f"`--keys {path}` holds no public key", "it must be ed25519: and 32 bytes in base64")
    return TrustedKey(text, path.name.removesuffix(".pub"))


def _declared_in(path: Path) -> tuple[TrustedKey, ...]:
    try:
        text = path.read_bytes()
    except OSError as error:
        raise UsageProblem(f"`--keys {path}` cannot be read: {error.strerror}", _EXAMPLE) from error
    parsed = parse_declaration(path.as_posix(), text)
    _refuse(path.as_posix(), parsed.findings)
    return _some(path.as_posix(), keys_of(parsed.declaration) if parsed.declaration is not None else ())


def _refuse(name: str, findings: Iterable[Finding]) -> None:
    for finding in findings:
        if finding.severity is Severity.ERROR:
            where = f"line {finding.place.line}"
            raise UsageProblem(f"`--keys {name}`: {plain(finding.message, 300)} ({where})", plain(finding.help, 300))


def _some(name: str, keys: tuple[TrustedKey, ...]) -> tuple[TrustedKey, ...]:
    if not keys:
        raise UsageProblem(f"`--keys {name}` names no key", _EXAMPLE)
    return keys
