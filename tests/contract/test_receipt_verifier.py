"""The verifier in docs/receipts.md needs no evalmark: it is run as it stands there, with nothing but cryptography."""

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from evalmark.flows.check import check
from scripts.receipt_vectors import FOLDER, KEYS
from scripts.regenerate import ROOT
from tests.corpus.cases import TODAY
from tests.receipt_page import CODE, PAGE, lay_out, verify

CASES: list[dict[str, Any]] = json.loads((FOLDER / "expected.json").read_text("utf-8"))
# What it leaves to its user, as the page says.
LEFT_OUT = {"key", "state", "predicate"}
FIELDS = ("model", "dataset_id", "task_id", "variant", "value", "unit")


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the verifier, and one with cryptography."""
    return lay_out(tmp_path_factory.mktemp("bare"))


def test_page__has_one_verifier_of_under_60_lines() -> None:
    assert len(CODE) == 1
    assert len(CODE[0].splitlines()) < 60
    assert max(map(len, CODE[0].splitlines())) <= 120
    imported = set(re.findall(r"^(?:from|import) (.*?)(?: import .*)?$", CODE[0], re.MULTILINE))
    roots = {name.strip().partition(".")[0] for names in imported for name in names.split(",")}
    assert roots - set(sys.stdlib_module_names) == {"cryptography"}


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_verifier__says_ok_or_why_not(case: dict[str, Any], bare: Path) -> None:
    claim = [case["today"]["claim"][name] for name in FIELDS] if case["today"] else []

    done = verify(bare, KEYS["signer"].public, str(FOLDER / case["file"]), *claim)

    if case["refused_by"] is None or case["refused_by"] in LEFT_OUT:
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("ok: ")
    else:
        assert (done.returncode, done.stdout) == (1, "")
        assert re.fullmatch(r"not ok: .+\n", done.stderr)


def test_verifier__needs_the_public_key_and_the_file_alone(bare: Path, tmp_path: Path) -> None:
    for name in ("packages", "verify_receipt.py"):
        (tmp_path / name).symlink_to(bare / name)
    (tmp_path / "receipt.json").write_bytes((FOLDER / "envelopes/verified.json").read_bytes())

    done = verify(tmp_path, KEYS["signer"].public, "receipt.json")

    assert (done.returncode, done.stderr) == (0, "")
    [shown] = re.findall(r"^\$ python verify_receipt\.py (\S+) verified\.json\n(ok: .*\n)", PAGE, re.MULTILINE)
    assert shown == (KEYS["signer"].public, done.stdout)


def test_verifier__another_key_is_refused(bare: Path) -> None:
    done = verify(bare, KEYS["other"].public, str(FOLDER / "envelopes/verified.json"))

    assert (done.returncode, done.stderr) == (1, "not ok: it is signed with another key\n")


def test_page__its_keys_pass_the_check() -> None:
    [text] = re.findall(r"^```toml \.evalmark\.toml\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)

    assert check({".evalmark.toml": text.encode()}, TODAY) == ()


def test_page__has_the_anchor_of_the_predicate_type() -> None:
    assert re.search(r"^## Predicate v1$", PAGE, re.MULTILINE)


def test_page__describes_every_field_of_the_predicate() -> None:
    schema = json.loads((ROOT / "schemas/receipt.schema.json").read_text("utf-8"))
    rows = " ".join(re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE))
    for part, place in schema["properties"].items():
        for name in schema["$defs"][place["$ref"].rpartition("/")[2]]["properties"]:
            assert re.search(rf"`(?:{part}\.)?{name}`", rows), f"{part}.{name}"


@pytest.mark.parametrize("row", json.loads((FOLDER / "claims.json").read_text("utf-8")))
def test_page__shows_digests_that_are_right(row: dict[str, Any]) -> None:
    canonical = row["canonical"].replace('"dataset_id":"acme/sums","model":"acme/model","task_id":"sums"', "…")
    for shown in re.findall(rf"^\| .* \| `{re.escape(canonical)}` \| `(\w+)…` \|$", PAGE, re.MULTILINE):
        assert row["digest"].startswith(shown)


def test_page__shows_six_digests() -> None:
    assert len(re.findall(r"^\| `value: .*…` \|$", PAGE, re.MULTILINE)) == 6
