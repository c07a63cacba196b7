"""`make regen`: write what is made from the code: JSON Schemas, the exit codes, the command line's reference.

`--check` writes nothing and exits 1 if something would change; the tests use `generated()` for the same question.
"""

import argparse
import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

from evalmark import outcome, verdict
from evalmark.adapters import lock
from evalmark.artifact import Frozen
from evalmark.checks.pages import rules_page
from evalmark.cli.main import COMMANDS
from evalmark.errors import ExitCode
from evalmark.judge import scores
from evalmark.plan import making
from evalmark.receipt import PREDICATE_TYPE, Receipt
from scripts.action_page import action_tables
from scripts.file_schemas import DIALECT, SCHEMA_ID, file_schemas
from scripts.store_page import store_page

ROOT = Path(__file__).resolve().parent.parent
ARTIFACTS: dict[str, type[Frozen]] = {
    making.KIND: making.Plan,
    outcome.KIND: outcome.Outcomes,
    verdict.KIND: verdict.Verdicts,
    scores.KIND: scores.ScoresVerdict,
    lock.KIND: lock.Lock,
}
WIDTH = 100


def generated() -> dict[Path, str]:
    """Every generated file with the text that it must have."""
    files = {ROOT / "docs/exit-codes.md": exit_codes(), ROOT / "docs/cli.md": command_line()}
    files[ROOT / "docs/rules.md"] = rules_page()
    files[ROOT / "docs/store.md"] = store_page()
    files |= action_tables()
    for kind, model in ARTIFACTS.items():
        files[ROOT / f"schemas/{kind.partition('/')[0]}.schema.json"] = artifact_schema(kind, model)
    files[ROOT / "schemas/receipt.schema.json"] = receipt_schema()
    return files | {ROOT / "schemas" / name: text for name, text in file_schemas().items()}


def artifact_schema(kind: str, model: type[Frozen]) -> str:
    """JSON Schema 2020-12 of an artifact: its body, and `kind`, which names it and its version."""
    body = model.model_json_schema(mode="serialization")
    schema: dict[str, Any] = {
        "$schema": DIALECT,
        "$id": f"{SCHEMA_ID}:{kind.replace('/', ':')}",
        **body,
        "properties": {"kind": {"const": kind}, **body["properties"]},
        "required": ["kind", *body.get("required", [])],
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def receipt_schema() -> str:
    """JSON Schema 2020-12 of the predicate of a receipt's statement."""
    schema = {
        "$schema": DIALECT,
        "$id": f"{SCHEMA_ID}:receipt:1",
        **Receipt.model_json_schema(mode="serialization"),
        "description": f"The predicate of an in-toto Statement v1 with the predicateType {PREDICATE_TYPE}",
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def exit_codes() -> str:
    """The table of exit codes."""
    rows = "".join(f"| {code.value} | {code.meaning} |\n" for code in ExitCode)
    return f"# Exit codes\n\nEvery command uses the same ones.\n\n| code | meaning |\n| --- | --- |\n{rows}"


def command_line() -> str:
    """The help of every command, at a fixed width."""
    os.environ["COLUMNS"] = str(WIDTH)
    parts = ["# Command line\n\nGenerated from the commands' own help.\n"]
    for name, what in COMMANDS.items():
        parser = argparse.ArgumentParser(prog=f"evalmark {name}", description=f"{what[0].upper()}{what[1:]}.")
        importlib.import_module(f"evalmark.cli.{name}").add_arguments(parser)
        parts.append(f"## evalmark {name}\n\n```text\n{parser.format_help()}```\n")
    return "\n".join(parts)


def main() -> int:
    """Write, or check."""
    stale = {path: text for path, text in generated().items() if not path.exists() or path.read_text() != text}
    for path, text in stale.items():
        print(f"{'out of date' if '--check' in sys.argv else 'written'}: {path.relative_to(ROOT)}")
        if "--check" not in sys.argv:
            path.write_text(text)
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
