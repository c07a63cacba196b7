"""`--keys`: files, benchmarks, and what is said of those that hold no key."""

from pathlib import Path

import pytest

from evalmark.cli.keys import keys_at
from evalmark.errors import CouldNotFinish, EvalmarkError, UsageProblem
from evalmark.facts import BenchmarkMissing, BenchmarkRef
from evalmark.ports import BenchmarkFiles

KEY = "ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
OTHER = "ed25519:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
TOML = f'trusted_keys = ["{KEY}"]\n[[keys]]\nkey = "{OTHER}"\nname = "acme"\nrevoked = "2026-06-01"\n'


class Somewhere:
    """Benchmarks: one with keys, one with a bad declaration, one without keys, the rest gone or out of reach."""

    def benchmark(self, ref: BenchmarkRef) -> BenchmarkFiles | BenchmarkMissing:
        declared = {"acme/sums": TOML, "acme/bad": "trusted_keys = 3\n", "acme/none": ""}.get(ref.dataset_id)
        if declared is None:
            return BenchmarkMissing("there is none", "name another", surely=ref.dataset_id == "acme/gone")
        return BenchmarkFiles("c" * 40, b"name: Sums\n", declared.encode())


def test_keys_of_a_file_and_of_a_benchmark(tmp_path: Path) -> None:
    file = tmp_path / "keys.toml"
    file.write_text(TOML, encoding="utf-8")
    for named in (file.as_posix(), "acme/sums"):
        dated, plain = keys_at([named], Somewhere())
        assert (dated.key, dated.name, str(dated.revoked)) == (OTHER, "acme", "2026-06-01")
        assert (plain.key, plain.revoked) == (KEY, None)
    assert len(keys_at([file.as_posix(), "acme/sums"], Somewhere())) == 4
    assert keys_at([], Somewhere()) == ()


@pytest.mark.parametrize(
    ("named", "kind", "words"),
    [
        ("acme/none", UsageProblem, "names no key"),
        ("acme/bad", UsageProblem, "line 1"),
        ("acme/gone", UsageProblem, "there is none"),
        ("acme/away", CouldNotFinish, "there is none"),
        ("no-such-file.toml", UsageProblem, "cannot be read"),
    ],
)
def test_what_holds_no_key_is_said(named: str, kind: type[EvalmarkError], words: str) -> None:
    with pytest.raises(kind, match=words):
        keys_at([named], Somewhere())


@pytest.mark.parametrize("text", ["", "x = [", 'trusted_keys = ["ed25519:short"]\n', "unit = 'percent'\n"])
def test_a_file_without_a_usable_key_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "keys.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageProblem):
        keys_at([file.as_posix()], Somewhere())
