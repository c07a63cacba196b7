"""The tables of `docs/action.md`: inputs and outputs from `action.yml`, rights from the workflows to copy."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/action.md"
WORKFLOWS = ("evalmark-validate", "evalmark-verify", "evalmark-verify-trusted")


def action_tables() -> dict[Path, str]:
    """The page as it must be: what stands between the markers of each table is made anew."""
    action = load(ROOT / "action.yml")
    text = PAGE.read_text("utf-8")
    text = put(text, "inputs", inputs_table(action["inputs"]))
    text = put(text, "outputs", outputs_table(action["outputs"]))
    return {PAGE: put(text, "permissions", permissions_table())}


def load(path: Path) -> dict[str, Any]:
    """A YAML file of our own."""
    body: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return body


def put(page: str, name: str, table: str) -> str:
    """Replace the text between `<!-- NAME: … -->` and `<!-- /NAME -->`."""
    before, start, rest = page.partition(f"<!-- {name}: ")
    opening, end_of_opening, rest = rest.partition("-->\n")
    _, end, after = rest.partition(f"<!-- /{name} -->")
    if not (start and end_of_opening and end):
        raise ValueError(f"{PAGE.name} has no place for the table of {name}")
    return f"{before}{start}{opening}{end_of_opening}{table}{end}{after}"


def inputs_table(inputs: dict[str, Any]) -> str:
    """Every input with its default and what it means."""
    rows = [(f"`{name}`", default(each), each["description"]) for name, each in inputs.items()]
    return table(("input", "default", ""), rows)


def outputs_table(outputs: dict[str, Any]) -> str:
    """Every output and what it holds."""
    return table(("output", ""), [(f"`{name}`", each["description"]) for name, each in outputs.items()])


def permissions_table() -> str:
    """Of each job in the workflows to copy: its mode, its token's rights, the secrets that it can read."""
    rows = [row for name in WORKFLOWS for row in jobs(name)]
    return table(("workflow", "job", "`mode`", "the token may", "secrets"), rows)


def jobs(name: str) -> Iterator[tuple[str, ...]]:
    """A row for each job of a workflow."""
    for job, body in load(ROOT / f"hooks/workflows/{name}.yml")["jobs"].items():
        (ours,) = (step for step in body["steps"] if step["uses"].startswith("evalmark/"))
        rights = ", ".join(f"`{scope}: {right}`" for scope, right in body["permissions"].items())
        secrets = "the model's key" if "env" in ours else "none"
        yield f"`{name}.yml`", f"`{job}`", f"`{ours['with']['mode']}`", rights, secrets


def default(each: dict[str, Any]) -> str:
    """An input's default as code, or nothing: then the description says what holds."""
    return f"`{each['default']}`" if "default" in each else ""


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
