"""`evalmark init benchmark` and `init model` as a person runs them: with options, and at a terminal."""

import base64
import csv
import json
import re
import signal
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from evalmark.localhub import LocalHub, Person, RepoId, Token, Users
from tests.acceptance.conftest import COMMAND, Ran, World, adder
from tests.acceptance.terminal import Terminal
from tests.provider import Answer, Provider
from tests.waiting import until

Provide = Callable[[Answer], Provider]
OURS = {".evalmark.toml", ".pre-commit-config.yaml", "README.md", "eval.yaml"}
SECONDS = 60
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63fccfc050"
    "0f00048501808498a98c0000000049454e44ae426082"
)


def sums(world: World, name: str = "sums", many: int = 20) -> Path:
    """A dataset of sums, without a card."""
    folder = world.folder / name
    folder.mkdir()
    with (folder / "test.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "question", "answer"])
        writer.writerows([number, f"{number} + {number}?", 2 * number] for number in range(many))
    return folder


def options(provider: Provider) -> list[str]:
    return ["--repo=ada/sums", "--model=openai-api/local/adder", f"--model-base-url={provider.url}"]


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# ── with options ──────────────────────────────────────────────────────────────────────────────


def test_benchmark__is_written_tried_and_requested(world: World, provide: Provide) -> None:
    folder = sums(world)
    provider = provide(adder(wrong=frozenset(range(0, 20, 2))))
    ran = world.run(
        "init", "benchmark", "sums", "--yes", *options(provider), "--contact=ada@example.org", HF_TOKEN="hf_x"
    )

    assert ran.code == 0, ran.err
    assert set(files_in(folder)) == OURS | {"test.csv"}
    assert "5 of 20 samples with openai-api/local/adder" in ran.out
    assert len(provider.seen) == 5
    assert re.search(r"prompt  \d+ \+ \d+\?\n   answer  \d+\n   target  \d+\n   score   [01]", ran.out)
    assert "evalmark check: nothing to mend" in ran.out
    assert "A verification of all 20 samples takes about" in ran.out
    assert "Request: add ada/sums to the benchmark shortlist" in ran.out
    assert "- Contact: ada@example.org" in ran.out
    assert "- Samples: 20" in ran.out
    assert world.run("check", "sums").code == 0
    assert not list((world.cache / "evalmark/trials").iterdir())


def test_benchmark__that_was_written_can_be_verified(world: World, provide: Provide) -> None:
    folder = sums(world)
    provider = provide(adder())
    world.run("init", "benchmark", "sums", "--yes", "--no-run", "--repo=acme/sums")
    world.claim("100.0")
    (folder / "README.md").chmod(0o644)
    arguments = [each.replace("=benchmark", "=sums") for each in world.verify_arguments(provider)]
    ran = world.run(*arguments)

    assert "verified" in ran.out, ran.out + ran.err


def test_benchmark__multiple_choice_by_the_right_and_the_wrong_ones(world: World, provide: Provide) -> None:
    folder = world.folder / "quiz"
    folder.mkdir()
    row = {
        "Question": "Which is red?",
        "Correct Answer": "blood",
        "Incorrect Answer 1": "sky",
        "Incorrect Answer 2": "sea",
    }
    (folder / "test.jsonl").write_text(f"{json.dumps(row)}\n" * 6)

    def choose(asked: str) -> str:
        right = re.search(r"([A-C])\) blood", asked)
        return f"ANSWER: {right[1]}" if right else "?"

    provider = provide(choose)
    ran = world.run("init", "benchmark", "quiz", "--yes", *options(provider), "--samples=2")

    assert ran.code == 0, ran.err
    assert "2 of 2 right" in ran.out
    assert "choices-shuffled" in ran.out
    assert provider.seen[0]["temperature"] == 0
    assert "temperature = 0" in (folder / ".evalmark.toml").read_text()


def test_benchmark__without_a_terminal_an_unknown_names_its_option(world: World) -> None:
    folder = sums(world)
    before = files_in(folder)
    ran = world.run("init", "benchmark", "sums", "--repo=ada/sums")

    assert (ran.code, files_in(folder)) == (2, before)
    assert "give it with --input" in ran.err


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--target=quesion"], "did you mean question?"),
        (["--samples=0"], "runs nothing"),
        (["--model=gpt-5"], "has no provider"),
        (["--repo=sums"], "a repo is named owner/name"),
    ],
)
def test_benchmark__a_wrong_option_is_told_and_nothing_is_written(world: World, more: list[str], said: str) -> None:
    folder = sums(world)
    before = files_in(folder)
    ran = world.run("init", "benchmark", "sums", "--yes", "--repo=ada/sums", "--model=none", *more)

    assert ran.code == 2, ran.err
    assert said in ran.err
    assert files_in(folder) == before


def test_benchmark__an_eval_yaml_that_is_there_is_shown_and_kept_without_a_yes(world: World) -> None:
    folder = sums(world)
    (folder / "eval.yaml").write_text("name: Mine\n")
    given = ["--repo=ada/sums", "--no-run", "--name=S", "--description=d", "--task-id=s", "--max-tokens=9"]
    columns = ["--input=question", "--target=answer", "--scorer=match"]
    kept = world.run("init", "benchmark", "sums", *given, *columns)

    assert (kept.code, (folder / "eval.yaml").read_text()) == (0, "name: Mine\n")
    assert "-name: Mine" in kept.err
    assert "nothing was written" in kept.err
    replaced = world.run("init", "benchmark", "sums", *given, *columns, "--yes")
    again = world.run("init", "benchmark", "sums", "--repo=ada/sums", "--no-run", "--scorer=exact", "--yes")
    assert (replaced.code, again.code) == (0, 0)
    assert re.search(r"^\+ +max_tokens: 9$", replaced.err, re.MULTILINE)
    assert "- id: s\n" in (folder / "eval.yaml").read_text()
    assert "-      - name: match" in again.err


def test_benchmark__hooks_and_a_declaration_that_are_there_stay(world: World) -> None:
    folder = sums(world)
    mine = {".pre-commit-config.yaml": b"repos: []\n", ".evalmark.toml": b'unit = "fraction"\n'}
    for name, content in mine.items():
        (folder / name).write_bytes(content)
    (folder / "README.md").write_text("---\nlicense: mit\n---\n# Sums of mine\n\nAdds numbers.\n")
    ran = world.run("init", "benchmark", "sums", "--repo=ada/sums", "--yes", "--no-run")

    assert ran.code == 0, ran.err
    assert {name: (folder / name).read_bytes() for name in mine} == mine
    assert "to check each commit, add to it" in ran.err
    card = (folder / "README.md").read_text()
    assert card.startswith("---\nlicense: mit\nconfigs:\n")
    assert card.endswith("# Sums of mine\n\nAdds numbers.\n")
    assert "name: Sums of mine" in (folder / "eval.yaml").read_text()
    assert "- Licence: mit" in ran.out


def test_benchmark__a_second_time_changes_nothing(world: World) -> None:
    folder = sums(world)
    world.run("init", "benchmark", "sums", "--repo=ada/sums", "--yes", "--no-run")
    before = files_in(folder)
    ran = world.run("init", "benchmark", "sums", "--repo=ada/sums", "--yes", "--no-run")

    assert (ran.code, files_in(folder)) == (0, before)
    assert "all is there already" in ran.err


def test_benchmark__rows_from_elsewhere_are_refused(world: World) -> None:
    folder = sums(world)
    (folder / "README.md").write_text("---\nconfigs:\n  - data_files: http://127.0.0.1:9/x.csv\n---\n")
    ran = world.run("init", "benchmark", "sums", "--yes", "--repo=ada/sums")

    assert ran.code == 4
    assert "takes rows from `http://127.0.0.1:9/x.csv`" in ran.err


@pytest.mark.parametrize(
    ("answer", "said"), [(lambda _asked: "\x1b[31mred\x07 herring", "herring"), (lambda _asked: "", "(nothing)")]
)
def test_benchmark__what_a_model_says_is_harmless(world: World, provide: Provide, answer: Answer, said: str) -> None:
    sums(world)
    ran = world.run("init", "benchmark", "sums", "--yes", *options(provide(answer)), "--samples=1")

    assert said in ran.out
    assert "\x1b" not in ran.out
    assert "Is that the model, or the scoring?" in ran.out


def test_benchmark__names_of_columns_are_harmless(world: World) -> None:
    folder = world.folder / "odd"
    folder.mkdir()
    name = "question \x1b[2J\u202e: 'no' #"
    (folder / "test.jsonl").write_text(f"{json.dumps({name: 'Why?', 'answer': 'so'})}\n" * 3)
    ran = world.run("init", "benchmark", "odd", "--repo=ada/odd", "--yes", "--no-run")
    unknown = world.run("init", "benchmark", "odd", "--repo=ada/odd", "--yes", "--no-run", "--input=x")

    assert "question [2J : 'no' #" in ran.err
    assert not set("\x1b\u202e") & set(ran.out + ran.err + unknown.err)


def test_benchmark__a_model_that_does_not_answer_leaves_whole_files(world: World) -> None:
    folder = sums(world)
    url = "--model-base-url=http://127.0.0.1:9/v1"
    ran = world.run("init", "benchmark", "sums", "--yes", "--repo=ada/sums", "--model=openai-api/local/x", url)

    assert ran.code == 3
    assert "the trial run ended with model-failed" in ran.err
    assert set(files_in(folder)) == OURS | {"test.csv"}


def test_benchmark__pictures_run_if_they_lie_in_the_rows(world: World, provide: Provide) -> None:
    folder = world.folder / "pictures"
    folder.mkdir()
    pixel = f"data:image/png;base64,{base64.b64encode(PIXEL).decode()}"
    rows = [{"question": f"Which colour {number}?", "image": pixel, "answer": "red"} for number in range(3)]
    (folder / "test.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    provider = provide(lambda _asked: "it is red")
    ran = world.run("init", "benchmark", "pictures", "--yes", *options(provider), "--samples=1")

    assert ran.code == 0, ran.err
    assert "1 of 1 right" in ran.out
    assert "image-input" in ran.out
    assert provider.seen[0]["messages"][-1]["content"][1]["type"] == "image_url"
    (folder / "test.jsonl").write_text(
        "".join(f"{json.dumps(row)}\n" for row in [*rows * 100, {**rows[0], "image": "/etc/passwd"}])
    )
    refused = world.run("init", "benchmark", "pictures", "--yes", *options(provider))
    assert "no trial run: not every image lies in its row" in refused.out


def test_benchmark__of_the_hub_is_written_into_a_folder(world: World) -> None:
    folder = sums(world)
    private = Users(tokens={"hf_ada": Token(Person("ada"))}, private={"datasets/ada/sums": ("ada",)})
    with LocalHub({RepoId("datasets", "ada/sums"): folder}, users=private) as hub:
        away = world.run("init", "benchmark", "ada/sums", "--yes", "--no-run", HF_ENDPOINT=hub.url)
        ran = world.run(
            "init", "benchmark", "ada/sums", "--yes", "--no-run", "--out=mine", HF_ENDPOINT=hub.url, HF_TOKEN="hf_ada"
        )
        wrote = [request for request in hub.requests if request.method not in ("GET", "HEAD")]

    assert away.code == 2
    assert "there is no such repo" in away.err
    assert ran.code == 0, ran.err
    assert set(files_in(world.folder / "mine")) == OURS
    assert "hf upload ada/sums mine . --repo-type dataset" in ran.out
    assert wrote == []


# ── at a terminal ─────────────────────────────────────────────────────────────────────────────


def at_terminal(world: World, *arguments: str) -> Terminal:
    return Terminal([COMMAND, *arguments], world.folder, world.environment(TERM="dumb"))


QUESTIONS = (
    "called on the Hub, or will be?",
    "Which column has the question?",
    "Which column has the right answer?",
    "How is an answer scored?",
    "What is the benchmark called?",
    "What does it measure",
    "What is the leaderboard's id",
    "Most tokens of one answer?",
    "Which model tries 5 samples?",
    "Whom may the Hub's people ask",
    "Write eval.yaml",
)


def test_terminal__enter_takes_every_default(world: World) -> None:
    folder = sums(world)
    terminal = at_terminal(world, "init", "benchmark", "sums")
    for question in QUESTIONS:
        terminal.answer(question, "none" if "model" in question else "")

    assert terminal.end() == 0
    assert set(files_in(folder)) == OURS | {"test.csv"}
    assert "numeric: true" in (folder / "eval.yaml").read_text()


def test_terminal__a_wrong_answer_is_asked_again(world: World) -> None:
    sums(world)
    terminal = at_terminal(world, "init", "benchmark", "sums")
    terminal.answer("called on the Hub", "sums")
    terminal.answer("write owner/name", "ada/sums")
    terminal.answer("your choice [question]", "9")
    terminal.answer("write a number from 1 to 3", "2")
    terminal.wait_for("Which column has the right answer?")
    terminal.press_ctrl_c()

    assert terminal.end() == 3


def test_terminal__a_no_writes_nothing(world: World) -> None:
    folder = sums(world)
    before = files_in(folder)
    terminal = at_terminal(world, "init", "benchmark", "sums", "--no-run")
    for question in QUESTIONS:
        if "model" not in question:
            terminal.answer(question, "n" if "Write" in question else "")

    assert (terminal.end(), files_in(folder)) == (0, before)


# Before the rows are loaded, while the process that loads them waits, after it, and at the last question.
@pytest.mark.parametrize("number", [0, 1, 8, 10])
def test_terminal__ctrl_c_at_any_question_leaves_nothing(world: World, number: int) -> None:
    folder = sums(world)
    before = files_in(folder)
    terminal = at_terminal(world, "init", "benchmark", "sums")
    for question in QUESTIONS[:number]:
        terminal.answer(question, "none" if "model" in question else "")
    terminal.wait_for(QUESTIONS[number])
    terminal.press_ctrl_c()

    assert (terminal.end(), files_in(folder)) == (3, before)
    assert "evalmark: stopped" in terminal.screen
    assert "Traceback" not in terminal.screen


@pytest.fixture
def slow_model(provide: Provide) -> Provider:
    def slowly(_asked: str) -> str:
        time.sleep(3)
        return "4"

    return provide(slowly)


def test_terminal__ctrl_c_in_the_trial_leaves_whole_files_and_no_process(world: World, slow_model: Provider) -> None:
    folder = sums(world)
    terminal = at_terminal(world, "init", "benchmark", "sums", "--yes", *options(slow_model))
    until(lambda: bool(slow_model.seen))
    terminal.press_ctrl_c()

    assert terminal.end() == 3
    _left_whole(folder, world)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGKILL])
def test_kill__in_the_trial_leaves_whole_files(world: World, slow_model: Provider, sign: signal.Signals) -> None:
    folder = sums(world)
    with world.start("init", "benchmark", "sums", "--yes", *options(slow_model)) as process:
        until(lambda: bool(slow_model.seen))
        process.send_signal(sign)
        process.communicate(timeout=SECONDS)

    assert set(files_in(folder)) == OURS | {"test.csv"}
    world.run("init", "benchmark", "sums", "--yes", "--no-run", "--repo=ada/sums")
    _left_whole(folder, world)


def _left_whole(folder: Path, world: World) -> None:
    assert set(files_in(folder)) == OURS | {"test.csv"}
    assert world.run("check", "sums").code == 0
    assert not list((world.cache / "evalmark/trials").iterdir())


# ── init model ────────────────────────────────────────────────────────────────────────────────


KIT = Path(__file__).resolve().parents[2] / "hooks"
WRITTEN: Mapping[str, str] = {
    ".pre-commit-config.yaml": "model-repo.pre-commit-config.yaml",
    ".github/workflows/evalmark-validate.yml": "workflows/evalmark-validate.yml",
}


def init_model(world: World, *more: str) -> Ran:
    return world.run("init", "model", "model", *more)


def test_model__gets_the_kit_s_own_files_once(world: World) -> None:
    first, second = init_model(world), init_model(world)

    assert (first.code, second.code) == (0, 0), first.err
    assert files_in(world.model) == {name: (KIT / kit).read_bytes() for name, kit in WRITTEN.items()}
    assert "pre-commit install" in first.out
    assert "written" not in second.out
    assert "there already: .pre-commit-config.yaml\n" in second.out


def test_model__what_is_there_stays_and_the_block_to_add_is_shown(world: World) -> None:
    (world.model / ".pre-commit-config.yaml").write_text("repos: []\n")
    ran = init_model(world)

    assert (world.model / ".pre-commit-config.yaml").read_text() == "repos: []\n"
    assert "- id: check-eval-results" in ran.out


def test_model__a_workflow_that_reruns_with_its_own_names(world: World) -> None:
    given = ["--repo=ada/tiny", "--model=openai-api/my-host/tiny", "--model-base-url=https://m.example/v1"]
    ran = init_model(world, "--verify=manual", "--benchmarks=ada/sums,openai/gsm8k", *given)
    text = (world.model / ".github/workflows/evalmark-verify.yml").read_text()

    assert ran.code == 0, ran.err
    assert "HUB_REPO: ada/tiny" in text
    assert "secrets.MY_HOST_API_KEY" in text
    assert "acme" not in text.lower()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ([], "give it with --repo"),
        (["--repo=a/b", "--model=x", "--model-base-url=https://m", "--benchmarks=a/b"], "is not provider/name"),
        (["--repo=a/b", "--model=x/y", "--model-base-url=https://m", "--benchmarks=b"], "a repo is named owner/name"),
    ],
)
def test_model__what_is_not_known_writes_nothing(world: World, more: list[str], said: str) -> None:
    ran = init_model(world, "--verify=trusted", *more)

    assert ran.code == 2
    assert said in ran.err
    assert files_in(world.model) == {}


def test_model__at_a_terminal(world: World) -> None:
    terminal = at_terminal(world, "init", "model", "model")
    terminal.answer("Shall a workflow on GitHub rerun scores", "2")
    terminal.answer("What is the model called", "ada/tiny")
    for question in ("Which model does it run", "Where is it served", "Which benchmarks may it run", "Write"):
        terminal.answer(question)

    assert terminal.end() == 0
    assert set(files_in(world.model)) == {*WRITTEN, ".github/workflows/evalmark-verify.yml"}


def test_model__a_link_is_not_written_through(world: World) -> None:
    outside = world.folder / "outside.yaml"
    (world.model / ".pre-commit-config.yaml").symlink_to(outside)
    ran = init_model(world)

    assert ran.code == 2
    assert not outside.exists()
