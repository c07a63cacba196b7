import pytest

from evalmark.formats.variants import LEFT_OUT, USUAL_SPELLINGS, usual_notes


@pytest.mark.parametrize(
    ("notes", "usual"),
    [
        (None, ""),
        ("", ""),
        ("no-tools", ""),
        ("N/A", ""),
        ("w/ tools", "With tools"),
        ("(With_Tools)", "With tools"),
        ("CoT", "chain-of-thought"),
        (" 5-shot ", "5-shot"),
        ("with tools" + " " * 60, "with tools"),
    ],
)
def test_usual_notes__one_spelling_for_what_is_known(notes: str | None, usual: str) -> None:
    assert usual_notes(notes) == usual


@pytest.mark.parametrize("usual", USUAL_SPELLINGS)
def test_usual_notes__a_usual_spelling_stays(usual: str) -> None:
    assert usual_notes(usual) == usual


def test_spellings__mean_one_thing() -> None:
    every = [spelling for spellings in USUAL_SPELLINGS.values() for spelling in spellings]

    assert len(set(every)) == len(every)
    assert LEFT_OUT.isdisjoint(every)
