"""What a run of the action costs besides the model: our own CPU time from the event to the posted comment.

    python -m benchmarks.action [ROUNDS]

The whole way on this machine, with a warm install: a pull request on a stand-in for GitHub, the benchmark on the
embedded Hub, a model that answers at once. The processes that Inspect runs in are the model's side and not counted. The
promise is 3 seconds for the three modes together; the bare import of the Hub's client stands beside them.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from evalmark.localhub import LocalHub, RepoId
from tests.acceptance.action_world import BENCHMARK, READ, WRITE, ActionWorld
from tests.acceptance.conftest import World, adder, furnish
from tests.github.fake import FakeGitHub
from tests.provider import Provider

ROUNDS = 5
PROMISE_SECONDS = 3.0
MODES = ("validate", "rerun", "report")
COUNTED = """
import resource, sys
from evalmark.cli.main import main
code = main(sys.argv[1:])
used = resource.getrusage(resource.RUSAGE_SELF)
print(f"CPU {used.ru_utime + used.ru_stime}")
sys.exit(code)
"""
IMPORT = """
import resource
from huggingface_hub import HfApi
used = resource.getrusage(resource.RUSAGE_SELF)
print(f"CPU {used.ru_utime + used.ru_stime}")
"""


def main(argv: list[str]) -> int:
    """Print the medians of so many rounds; exit 1 if the promise is not kept."""
    rounds = int(argv[1]) if len(argv) > 1 else ROUNDS
    with tempfile.TemporaryDirectory() as folder, _world(Path(folder)) as action:
        _round(action)  # warms the caches, as a second pull request finds them
        found = [_round(action) for _ in range(rounds)]
    bare = median(_cpu(_run(["-c", IMPORT])) for _ in range(rounds))
    for mode in MODES:
        seconds = median(each[mode] for each in found)
        print(f"{mode:<10} {seconds:5.2f} s CPU   {seconds / bare:4.1f} × the import of huggingface_hub's HfApi")
    whole = median(sum(each.values()) for each in found)
    share = whole / PROMISE_SECONDS
    print(f"{'together':<10} {whole:5.2f} s CPU   {share:4.2f} × the {PROMISE_SECONDS:.0f} s promised")
    return 0 if whole <= PROMISE_SECONDS else 1


@contextmanager
def _world(folder: Path) -> Iterator[ActionWorld]:
    world = World(folder, folder / "cache")
    furnish(world)
    benchmarks = {RepoId("datasets", BENCHMARK): world.benchmark}
    with FakeGitHub() as github, LocalHub(benchmarks) as hub, Provider(adder()).running() as provider:
        action = ActionWorld(world, github, hub, provider, command=(sys.executable, "-c", COUNTED))
        action.claim("100.0")
        yield action


def _round(action: ActionWorld) -> dict[str, float]:
    inputs, event = action.by_hand(), action.on_dispatch()
    action.run_id += 1
    steps = {
        "validate": action.step("validate"),
        "rerun": action.step("rerun", inputs, READ, event),
        "report": action.step("report", inputs, WRITE, event),
    }
    failed = [f"{mode}: {step.log}" for mode, step in steps.items() if step.code]
    if failed or len(action.comments) != 1:
        raise SystemExit("\n".join(failed) or "no comment was posted")
    return {mode: _cpu(step.log) for mode, step in steps.items()}


def _run(arguments: list[str]) -> str:
    return subprocess.run([sys.executable, *arguments], check=True, capture_output=True, text=True).stdout


def _cpu(log: str) -> float:
    return next(float(line.removeprefix("CPU ")) for line in reversed(log.splitlines()) if line.startswith("CPU "))


if __name__ == "__main__":
    sys.exit(main(sys.argv))
