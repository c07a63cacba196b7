"""What `evalmark init model` does once its arguments are read."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from evalmark.adapters.kit import kit_file
from evalmark.adapters.placing import existing
from evalmark.adapters.tree.model import remote_name_of
from evalmark.authoring.workflow import Workflow, filled_in
from evalmark.cli import options
from evalmark.cli.asking import Asker, Question
from evalmark.cli.init.writing import say, write, wrong_name
from evalmark.errors import ExitCode, UsageProblem
from evalmark.report.escape import plain

HOOKS: Final = ".pre-commit-config.yaml"
HOOK: Final = "model-repo.pre-commit-config.yaml"
HOOK_ID: Final = b"check-eval-results"
FOLDER: Final = ".github/workflows"
VALIDATE: Final = "evalmark-validate.yml"
# --verify → the workflow, and what is said of it.
VERIFY: Final = {
    "manual": "evalmark-verify.yml",
    "trusted": "evalmark-verify-trusted.yml",
    "signed": "evalmark-verify-signed.yml",
}
KINDS: Final = {
    "none": "scores are looked at, and no model runs",
    "manual": "a reviewer starts the rerun of a pull request, also one from a fork",
    "trusted": "each pull request from a branch of the repository is rerun at once",
    "signed": "as manual, and each verdict is signed",
}


def run(args: argparse.Namespace) -> ExitCode:
    """Ask, write what is not there, say what comes next."""
    folder: Path = args.folder
    if not folder.is_dir():
        raise UsageProblem(f"there is no folder {folder}", "give the root of a model repo on this machine")
    asker = Asker(yes=args.yes)
    kind = args.verify or ("none" if not asker.terminal else _kind(asker))
    files = {HOOKS: kit_file(HOOK), f"{FOLDER}/{VALIDATE}": kit_file(f"workflows/{VALIDATE}")}
    if kind != "none":
        files[f"{FOLDER}/{VERIFY[kind]}"] = _workflow(args, asker, kit_file(f"workflows/{VERIFY[kind]}"))
    there = existing(folder, list(files))
    new = {name: content for name, content in files.items() if name not in there}
    if new and asker.terminal and not asker.confirm(Question(f"Write {', '.join(new)}?", "--yes"), default=True):
        say("nothing was written")
        return ExitCode.FINE
    for name in write(folder, new):
        print(f"written: {name}")
    _tell_of_others(there, files)
    print(_next_steps(folder, kind, is_new=bool(new)), end="")
    return ExitCode.FINE


def _kind(asker: Asker) -> str:
    question = Question("Shall a workflow on GitHub rerun scores, besides?", "--verify", "none")
    return asker.choice(question, tuple(KINDS), KINDS)


def _workflow(args: argparse.Namespace, asker: Asker, text: bytes) -> bytes:
    """The workflow with what it is about in the place of its examples."""
    asked = Question("What is the model called on the Hub? (owner/name)", "--repo")
    repo = args.repo or remote_name_of(args.folder) or asker.text(asked, wrong_name)
    model = args.model or asker.text(
        Question(
            "Which model does it run, as Inspect names it?", "--model", f"openai-api/acme/{repo.rpartition('/')[2]}"
        )
    )
    url = args.model_base_url or asker.text(
        Question("Where is it served?", "--model-base-url", "https://models.acme.example/v1")
    )
    question = Question(
        "Which benchmarks may it run? (owner/name, several with commas)", "--benchmarks", "openai/gsm8k"
    )
    benchmarks = (args.benchmarks or asker.text(question)).split(",")
    names = tuple(options.repo_name(name.strip(), "--benchmarks") for name in benchmarks)
    return filled_in(text.decode(), Workflow(options.repo_name(repo, "--repo"), model, url, names)).encode()


def _tell_of_others(there: Mapping[str, bytes], files: Mapping[str, bytes]) -> None:
    """What is there stays: a person may have changed it."""
    for name, content in there.items():
        if name == HOOKS and HOOK_ID not in content:
            print(f"{name} is there already, and stays. To check each commit, add to it:\n\n{files[name].decode()}")
        else:
            changed = "" if content == files[name] else ", and is not what evalmark would write"
            print(f"there already: {plain(name)}{changed}")


def _next_steps(folder: Path, kind: str, *, is_new: bool) -> str:
    at = "" if folder == Path() else f" (in {folder})"
    steps = [f"pip install pre-commit && pre-commit install{at}, so that each commit is checked"]
    if not (folder / ".eval_results").is_dir():
        steps.append(
            "put scores into .eval_results/<benchmark>.yaml: evalmark add LOG… does so from the log of an evaluation"
        )
    if is_new:
        steps.append("commit the files; on GitHub, make `evalmark validate` a required check")
    if kind != "none":
        steps.append(
            f"do what stands at the top of {FOLDER}/{VERIFY[kind]} before its first run: an environment, and a secret"
        )
    steps.append(f"evalmark doctor{'' if folder == Path() else f' {folder}'} says what is still missing")
    return "\nWhat comes next:\n" + "".join(f"    {number}. {step}\n" for number, step in enumerate(steps, 1))
