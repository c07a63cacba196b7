"""`evalmark site build` from a real store, as a user runs it."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from evalmark.adapters.duck.writing import writing
from evalmark.cli.main import main
from evalmark.record import ClaimRecord
from tests.records import small_world

BOARD = "boards/acme/sums/sums/index.html"
Build = Callable[..., int]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small world in a file."""
    path = tmp_path_factory.mktemp("store") / "small.duckdb"
    with writing(path) as writer:
        for kind, records in small_world().items():
            writer.add(kind, records)
        writer.finish()
    return path


@pytest.fixture
def build(store: Path, tmp_path: Path) -> Build:
    """`evalmark site build` into `tmp_path/site`."""
    return lambda *more: main(["site", "build", "--store", str(store), "--out", str(tmp_path / "site"), *more])


def claim_pages(site: Path) -> int:
    return len(list((site / "claims").iterdir())) if (site / "claims").exists() else 0


def test_build__writes_a_static_space(build: Build, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert build("--title", 'Our "scores"') == 0

    site = tmp_path / "site"
    assert "acme/adder" in (site / BOARD).read_text()
    assert (site / "README.md").read_text().startswith('---\ntitle: "Our \\"scores\\""\n')
    assert "sdk: static" in (site / "README.md").read_text()
    assert (site / ".nojekyll").exists()
    assert (site / "assets/vendor/vega.min.js").exists()
    assert "Our &#34;scores&#34;" in (site / "index.html").read_text()
    assert capsys.readouterr().out.startswith(f"{site}: 3 boards, 157 models, ")


@pytest.mark.parametrize(
    ("which", "pages"), [("disputed", 3), ("verified", 6), ("first:1", 8), ("first:100", 103), ("all", 162)]
)
def test_build__claims_that_get_a_page(
    build: Build, tmp_path: Path, which: str, pages: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert build("--claims", which) == 0

    assert claim_pages(tmp_path / "site") == pages
    told = "162 claims" if which == "all" else f"{pages} of 162 claims"
    assert told in capsys.readouterr().out


def test_build__links_to_another_hub_and_knows_where_it_stands(build: Build, tmp_path: Path) -> None:
    assert build("--hub", "https://hub.example/", "--base-url", "https://scores.example/x") == 0

    site = tmp_path / "site"
    assert "https://hub.example/acme/adder/discussions/3" in (site / BOARD).read_text()
    assert 'rel="canonical" href="https://scores.example/x/boards/acme/sums/sums/"' in (site / BOARD).read_text()
    assert 'href="https://scores.example/x/models/"' in (site / "404.html").read_text()


def test_build__replaces_its_own_folder_as_a_whole(build: Build, tmp_path: Path) -> None:
    assert build() == 0
    site = tmp_path / "site"
    (site / "models/left.html").write_text("left over")

    assert build() == 0

    assert not (site / "models/left.html").exists()
    assert [each.name for each in tmp_path.iterdir()] == ["site"]
    assert site.stat().st_mode & 0o777 == 0o755


def test_build__takes_an_empty_folder(build: Build, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()

    assert build() == 0


@pytest.mark.parametrize("what", ["folder", "file"])
def test_build__refuses_what_it_did_not_make(
    build: Build, tmp_path: Path, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    precious = tmp_path / "site" / "thesis.tex" if what == "folder" else tmp_path / "site"
    precious.parent.mkdir(exist_ok=True)
    precious.write_text("years of work")

    assert build() == 2

    assert precious.read_text() == "years of work"
    assert "`evalmark site build` did not make it" in capsys.readouterr().err


def test_build__that_fails_leaves_the_old_one(
    build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert build() == 0
    before = (tmp_path / "site" / BOARD).read_bytes()

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("evalmark.cli.site_building._write", full)

    assert build() == 3

    assert "could not be written: No space left on device" in capsys.readouterr().err
    assert (tmp_path / "site" / BOARD).read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["site"]


def test_build__is_the_same_a_second_time(build: Build, tmp_path: Path) -> None:
    def content() -> dict[str, bytes]:
        site = tmp_path / "site"
        files = (Path(folder) / name for folder, _, names in os.walk(site) for name in names)
        return {str(file.relative_to(site)): file.read_bytes() for file in files}

    assert build() == 0
    first = content()
    assert build() == 0

    assert content() == first
    assert len(first) > len(small_world()[ClaimRecord])


@pytest.mark.parametrize(
    "more", [["--claims", "some"], ["--claims", "first:x"], ["--hub", "javascript:alert(1)"], ["--base-url", "x y"]]
)
def test_build__an_option_that_makes_no_sense(
    build: Build, more: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        build(*more)

    assert "Traceback" not in capsys.readouterr().err


def test_build__without_a_store(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["site", "build", "--store", str(tmp_path / "none.duckdb"), "--out", str(tmp_path / "site")])

    assert code == 2
    assert "evalmark sync" in capsys.readouterr().err
    assert not (tmp_path / "site").exists()
