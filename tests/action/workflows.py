"""The workflows that users copy: the files of hooks/workflows, and those in the pages."""

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "hooks/workflows"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```yaml\n(.*?)^```$", re.DOTALL | re.MULTILINE)
JOBS = "\njobs:\n"


def all_workflows() -> dict[str, str]:
    """Every workflow by a name for it, as a whole file."""
    files = {path.stem: path.read_text("utf-8") for path in sorted(FOLDER.glob("*.yml"))}
    return files | {f"{page.stem}-{number}": text for page in PAGES for number, text in enumerate(snippets(page))}


def snippets(page: Path) -> list[str]:
    """The workflows of a page. One that shows only its jobs is a change to the workflow that a reviewer starts."""
    head = (FOLDER / "evalmark-verify.yml").read_text("utf-8").partition(JOBS)[0]
    texts = [f"\n{text}" for text in FENCE.findall(page.read_text("utf-8")) if JOBS in f"\n{text}"]
    return [head + text if text.startswith(JOBS) else text for text in texts]


def jobs_of(text: str) -> dict[str, Any]:
    """The jobs of a workflow."""
    jobs: dict[str, Any] = yaml.safe_load(text)["jobs"]
    return jobs


def steps_of(text: str) -> list[dict[str, Any]]:
    """All steps of a workflow."""
    return [step for job in jobs_of(text).values() for step in job["steps"]]


def uses_of_ours(text: str) -> list[dict[str, Any]]:
    """The steps that use our action."""
    return [step for step in steps_of(text) if step.get("uses", "").startswith("evalmark/evalmark@")]
