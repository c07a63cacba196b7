"""The house rules hold, and a planted violation of each is found."""

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from evalmark.cli import check
from evalmark.report.findings import FORMATS

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "evalmark"
LONGEST_MODULE = 300
SCRIPTS = Path(sysconfig.get_path("scripts"))


def long_modules(source: Path) -> list[str]:
    """Modules over the limit, with their length."""
    lengths = {path.relative_to(source).as_posix(): len(path.read_text().splitlines()) for path in source.rglob("*.py")}
    return [f"{name}: {length} lines" for name, length in sorted(lengths.items()) if length > LONGEST_MODULE]


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the contracts of `folder/pyproject.toml` on the package in `folder/src`."""
    return subprocess.run(
        [sys.executable, str(SCRIPTS / "lint-imports"), "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder / "src"), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )


def ruff(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run ruff with the project's own settings."""
    command = [str(SCRIPTS / "ruff"), "check", "--no-cache", "src"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the sources and their limits, to plant violations in."""
    shutil.copytree(SOURCE, tmp_path / "src" / "evalmark", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_modules__are_short() -> None:
    assert long_modules(SOURCE) == []


def test_modules__a_long_one_is_found(house: Path) -> None:
    (house / "src/evalmark/plan/long.py").write_text("x = 1\n" * (LONGEST_MODULE + 1))

    assert long_modules(house / "src/evalmark") == ["plan/long.py: 301 lines"]


def test_imports__keep_the_contracts(house: Path) -> None:
    assert lint_imports(house).returncode == 0


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        pytest.param("stats/claimed.py", "import evalmark.judge.case", "data flows one way", id="stats imports judge"),
        pytest.param(
            "flows/verify.py", "import evalmark.adapters.tree.model", "data flows one way", id="flow imports adapter"
        ),
        pytest.param("report/text.py", "import evalmark.cli.main", "data flows one way", id="report imports cli"),
        pytest.param(
            "adapters/hub/client.py",
            "import evalmark.adapters.tree.model",
            "adapters do not know each other",
            id="adapter imports adapter",
        ),
        pytest.param("plan/making.py", "import subprocess", "the core does no I/O", id="core starts processes"),
        pytest.param("judge/case.py", "import inspect_ai", "the core does no I/O", id="core imports inspect"),
        pytest.param("formats/results.py", "import yaml", "only formats.document reads YAML", id="YAML elsewhere"),
    ],
)
def test_imports__a_planted_violation_is_found(house: Path, module: str, line: str, contract: str) -> None:
    path = house / "src/evalmark" / module
    path.write_text(f"{path.read_text()}\n{line}\n")

    found = lint_imports(house)

    assert found.returncode == 1
    assert f"{contract} BROKEN" in found.stdout


def test_imports__a_new_module_must_choose_its_layer(house: Path) -> None:
    (house / "src/evalmark/newcomer.py").write_text("")

    found = lint_imports(house)

    assert found.returncode == 1
    assert "data flows one way BROKEN" in found.stdout


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        pytest.param("import os\n\nHOME = os.environ\n", "TID251", id="environment"),
        pytest.param("from pathlib import Path\n\nHERE = Path()\n", "TID251", id="paths"),
        pytest.param(
            "def f(a: int, b: int, c: int, d: int, e: int, g: int, h: int) -> None: ...\n", "PLR0913", id="arguments"
        ),
        pytest.param("def f(a: int) -> None:\n" + "    a += 1\n" * 31, "PLR0915", id="statements"),
        pytest.param("def f(a: int) -> None:\n" + "    if a: a += 1\n" * 8, "C901", id="complexity"),
        pytest.param("print('hello')\n", "T201", id="print"),
    ],
)
def test_limits__a_planted_violation_is_found(house: Path, code: str, rule: str) -> None:
    (house / "src/evalmark/judge/planted.py").write_text(code)

    found = ruff(house)

    assert found.returncode == 1
    assert f"{rule} " in found.stdout


def test_command_line__check_loads_nothing_heavy() -> None:
    """`evalmark check` answers fast because the engines stay out of it."""
    code = (
        "import sys; from evalmark.cli.main import main\n"
        "try: main(['check', '--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'inspect_ai', 'datasets', 'huggingface_hub', 'rich', 'asyncio', 'httpx2', 'pydantic', 'yaml'}\n"
        "heavy &= set(sys.modules)\n"
        "sys.exit(f'loaded: {heavy}' if heavy else 0)"
    )

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert ran.returncode == 0, ran.stderr


def test_command_line__check_offers_the_forms_that_there_are() -> None:
    assert tuple(FORMATS) == check.FORMATS
