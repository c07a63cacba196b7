"""The pictures of `docs/statistics.md` are what the engine says, and the page says what they show."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from scripts.plots import FOLDER, RUNS, Run, main, picture, pictures, trace

SVG = "{http://www.w3.org/2000/svg}"
BY_NAME = [pytest.param(run, id=run.name) for run in RUNS]


def committed(run: Run) -> Path:
    return FOLDER / f"statistics-{run.name}.svg"


@pytest.mark.parametrize("run", BY_NAME)
def test_picture__is_current(run: Run) -> None:
    assert committed(run).read_bytes() == picture(run).encode(), "run `python -m scripts.plots`"


def test_main__writes_all_pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scripts.plots.FOLDER", tmp_path)

    assert main() == 0
    assert {path: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == pictures()


@pytest.mark.parametrize("run", BY_NAME)
def test_picture__can_be_heard(run: Run) -> None:
    root = ElementTree.parse(committed(run)).getroot()
    described = root.find(f"{SVG}desc")

    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == f"{run.title}: {' '.join(trace(run)[1])}"
    assert described is not None
    assert root.get("aria-labelledby") == f"title {described.get('id')}"


@pytest.mark.parametrize("run", BY_NAME)
def test_page__says_what_the_picture_shows(run: Run) -> None:
    page = (FOLDER / "statistics.md").read_text(encoding="utf-8")
    shown = re.findall(rf"!\[([^]]*)\]\({committed(run).name}\)", page)

    assert [" ".join(trace(run)[1]) in alt.replace("\n", " ") for alt in shown] == [True]


@pytest.mark.parametrize(
    ("name", "answer"), [("honest", "verified"), ("inflated", "mismatch"), ("undecided", "inconclusive")]
)
def test_trace__ends_as_the_picture_is_called(name: str, answer: str) -> None:
    (run,) = [run for run in RUNS if run.name == name]
    looks, said = trace(run)

    assert said[0] == f"{answer} after"
    assert all(look.low <= look.mean <= look.high for look in looks)


def test_undecided__lies_between_the_margins() -> None:
    run = RUNS[-1]
    gap = run.claim - trace(run)[0][-1].mean / 100

    assert float(run.margins.verified) < gap < float(run.margins.mismatch)
