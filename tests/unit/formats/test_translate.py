import pytest
from pydantic import BaseModel, ConfigDict

from evalmark.formats.document import read_document
from evalmark.formats.translate import FileKind, Part, Validated, did_you_mean, one_of, validate
from evalmark.formats.wording_results import ENTRY_KIND


class Odd(BaseModel):
    """Has a type for which no wording is written."""

    model_config = ConfigDict(strict=True)

    size: complex


ODD_KIND = FileKind(parts={"": Part("an odd thing", Odd)}, wordings=ENTRY_KIND.wordings)


def validated(text: str) -> Validated[Odd]:
    root = read_document("f.yaml", text).root
    assert root is not None
    return validate(Odd, root, ODD_KIND)


def test_validate__error_without_a_wording_of_its_own_is_told_in_general() -> None:
    (finding,) = validated("size: [a]\n").findings

    assert (finding.rule, finding.message) == ("field-type", "`size` cannot be a list")


def test_validate__field_without_a_wording_of_its_own_is_missing() -> None:
    (finding,) = validated("{}\n").findings

    assert (finding.rule, finding.place.pointer) == ("field-missing", "size")


@pytest.mark.parametrize(
    ("word", "expected"),
    [("valeu", "value"), ("dataset_id", "dataset"), ("zzz", None), ("", None), ("x" * 60_000, None)],
)
def test_did_you_mean__a_close_name_or_none(word: str, expected: str | None) -> None:
    assert did_you_mean(word, ["dataset", "value", "notes"]) == expected


def test_one_of__lists_the_names_for_what_is_no_text() -> None:
    root = read_document("f.yaml", "[a]").root
    assert root is not None

    assert one_of(["a", "b"])(root) == "use one of: a, b"
