"""Scores of model cards as people wrote them become entries: the installed command before the embedded Hub."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from evalmark.localhub import LocalHub, RepoId, Users
from tests.acceptance.author_world import MODEL, USERS, AuthorWorld
from tests.acceptance.conftest import COMMAND, EVAL_YAML, Ran, World
from tests.acceptance.terminal import Terminal

TWO_TASKS = EVAL_YAML.replace("Sums", "Reading") + (
    """\
  - id: long
    config: long
    field_spec: {input: question, target: answer}
    solvers: [{name: generate}]
    scorers: [{name: match}]
"""
)
BENCHMARKS = {
    "acme/sums": EVAL_YAML,
    "acme/reading": TWO_TASKS.replace("id: sums", "id: short"),
    "openai/gsm8k": EVAL_YAML.replace("id: sums", "id: gsm8k\n    config: main"),
    "acme/gated": EVAL_YAML,
    "acme/news": EVAL_YAML.replace("id: sums", "id: news"),
}
SOURCE = "https://huggingface.co/spaces/HuggingFaceH4/open_llm_leaderboard?query=acme/adder"
# As the Open LLM Leaderboard, the Hub's autoevaluator, a training and people by hand wrote them.
CARD = f"""---
license: mit
model-index:
- name: adder
  results:
  - task: {{type: text-generation, name: Text Generation}}
    dataset:
      name: Sums (5-Shot)
      type: acme/sums
      config: default
      split: test
      args:
        num_few_shot: 5
    metrics:
    - type: acc
      value: 57.1
      name: accuracy
    source:
      url: {SOURCE}
      name: Open LLM Leaderboard
  - dataset: {{name: GSM8k (5-shot), type: gsm8k, config: main, split: test, args: {{num_few_shot: 5}}}}
    metrics:
    - {{type: acc, value: 11.22, name: accuracy}}
  - dataset: {{name: News, type: acme/news}}
    metrics:
    - {{type: rouge, name: ROUGE-1, value: 38.7, verified: true, verifyToken: eyJhbGciOiJFZERTQSJ9.e30.x}}
    - {{type: rouge, name: ROUGE-L, value: 25.6, verified: true, verifyToken: eyJhbGciOiJFZERTQSJ9.e30.x}}
  - dataset: {{name: Reading, type: acme/reading, config: long}}
    metrics:
    - {{type: f1, value: 0.571}}
  - dataset: {{name: Imagination, type: acme/unknown}}
    metrics:
    - {{type: accuracy, value: 0.9}}
  - dataset: {{name: CartPole-v1, type: CartPole-v1}}
    metrics:
    - {{type: mean_reward, value: 250.10 +/- 20.30}}
---
# Adder

| Benchmark  | Other | Adder |
|------------|------:|------:|
| GSM8K      |  10.0 |  12.5 |
| Cups of tea|   3   |   4   |
"""
GSM8K_LINE = CARD.splitlines().index("| GSM8K      |  10.0 |  12.5 |") + 1
SUMS, READING, NEWS = (f".eval_results/{name}.yaml" for name in ("sums_5-shot", "reading", "news"))
GSM8K = ".eval_results/gsm8k.yaml"


@pytest.fixture
def author(tmp_path: Path, shared_cache: Path) -> Iterator[AuthorWorld]:
    """A Hub with five benchmarks, one gated, and the model with its card; the same card in the author's folder."""
    repos = {RepoId("models", MODEL): tmp_path / "model"}
    for name, eval_yaml in BENCHMARKS.items():
        folder = repos[RepoId("datasets", name)] = tmp_path / name.replace("/", "_")
        (folder / "data").mkdir(parents=True)
        (folder / "eval.yaml").write_text(eval_yaml)
        (folder / "data" / "test.jsonl").write_text('{"question": "1 + 1?", "answer": "2"}\n')
    for name in ("model", "mine"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "README.md").write_text(CARD)
    with LocalHub(repos, users=Users(USERS.tokens, gated={"datasets/acme/gated": ()})) as hub:
        yield AuthorWorld(World(tmp_path, shared_cache), hub)


def migrate(author: AuthorWorld, *more: str, card: str | None = None) -> Ran:
    """Migrate the author's folder, perhaps with another card."""
    if card is not None:
        (author.mine / "README.md").write_text(card)
    return author.run("migrate", "mine", f"--repo={MODEL}", *more)


def written(author: AuthorWorld) -> list[str]:
    """All files of the author's folder but the card."""
    paths = (path for path in author.mine.rglob("*") if path.is_file() and path.name != "README.md")
    return sorted(path.relative_to(author.mine).as_posix() for path in paths)


def test_migrate__takes_what_is_sure_and_says_why_the_rest_is_not_taken(author: AuthorWorld) -> None:
    ran = migrate(author)

    assert ran.code == 0, ran.err
    assert written(author) == [SUMS]
    assert author.entry(SUMS) == (
        "- dataset:\n    id: acme/sums\n    task_id: sums\n  value: 57.1\n"
        f'  source:\n    url: {SOURCE}\n    name: Open LLM Leaderboard\n  notes: "5-shot"\n'
    )
    assert f"wrote mine/{SUMS}: new file" in ran.out
    told = {line.split()[0]: line for line in ran.err.splitlines() if line.startswith("    README.md")}
    assert "`gsm8k` is no whole name; if it is openai/gsm8k: --map gsm8k=openai/gsm8k" in ran.err
    assert "ROUGE-1 = 38.7, ROUGE-L = 25.6" in ran.err
    assert "give it with --metric" in ran.err
    assert "fraction or percent (one of: fraction, percent); give it with --result-unit" in ran.err
    assert "there is no benchmark `acme/unknown`" in ran.err
    assert "mean_reward = 250.10 +/- 20.30" in ran.err
    assert f"a row of a table; --take {GSM8K_LINE} takes it" in told[f"README.md:{GSM8K_LINE}"]
    assert "--take 43 with --map 'Cups of tea'=OWNER/NAME takes it" in told["README.md:43"]
    lines = [int(each.partition(":")[2]) for each in told]
    assert lines == sorted(lines)
    assert len(lines) == 7


def test_migrate__yes_takes_the_first_metric_and_a_fraction_but_no_row_of_a_table(author: AuthorWorld) -> None:
    ran = migrate(author, "--yes")

    assert ran.code == 0, ran.err
    assert written(author) == [NEWS, READING, SUMS]
    assert "value: 38.7\n" in author.entry(NEWS)
    assert "verifyToken" not in author.entry(NEWS)
    assert "task_id: long\n  value: 57.1\n" in author.entry(READING)


def test_migrate__what_is_written_is_clean_and_a_second_time_changes_nothing(author: AuthorWorld) -> None:
    arguments = ("--yes", "--map=gsm8k=openai/gsm8k", "--metric=ROUGE-L")
    migrate(author, *arguments)
    before = {path: author.entry(path) for path in written(author)}
    checked = author.run("check", "mine", "--online")
    again = migrate(author, *arguments)

    assert len(before) == 4
    assert "value: 25.6\n" in before[NEWS]
    assert (checked.code, "error" in checked.out) == (0, False), checked.out
    assert (again.code, again.out) == (0, "nothing to write\n")
    assert again.err.count("the score is reported already, in .eval_results/") == 4
    assert {path: author.entry(path) for path in written(author)} == before


def test_migrate__a_score_that_was_told_later_stays(author: AuthorWorld) -> None:
    author.write("60.0", "  notes: 5-shot\n", SUMS)
    ran = migrate(author)

    assert f"{SUMS} says 60.0 for the same set-up, which a card does not change" in ran.err
    assert "value: 60.0\n" in author.entry(SUMS)


def test_migrate__the_same_benchmark_twice_in_a_card_gives_one_entry(author: AuthorWorld) -> None:
    lines = [f"--take={GSM8K_LINE}", "--map=gsm8k=openai/gsm8k", "--metric=Adder"]
    ran = migrate(author, *lines, card=CARD.replace(", args: {num_few_shot: 5}", ""))

    assert "value: 11.22\n" in author.entry(GSM8K)
    assert f"{GSM8K} says 11.22 for the same set-up" in ran.err


def test_migrate__a_row_that_is_named_by_its_line_is_taken(author: AuthorWorld) -> None:
    named = (f"--take={GSM8K_LINE}", "--map=GSM8K=openai/gsm8k", "--metric=Adder")
    ran = migrate(author, *named)

    assert ran.code == 0, ran.err
    assert "value: 12.5\n" in author.entry(GSM8K)
    assert 'notes: "5-shot"' in author.entry(".eval_results/gsm8k_5-shot.yaml")


def test_migrate__result_unit_is_for_what_may_be_either(author: AuthorWorld) -> None:
    ran = migrate(author, "--result-unit=fraction")

    assert ran.code == 0, ran.err
    assert "value: 57.1\n" in author.entry(SUMS)
    assert "value: 57.1\n" in author.entry(READING)


def test_migrate__a_gated_benchmark_is_left_out_and_the_rest_is_taken(author: AuthorWorld) -> None:
    (author.mine / "README.md").write_text(CARD.replace("acme/unknown", "acme/gated"))
    ran = author.run("migrate", "mine", f"--repo={MODEL}", who="eve")

    assert ran.code == 0, ran.err
    assert written(author) == [SUMS]
    assert "the benchmark `acme/gated` is gated; ask for access on its page" in ran.err


def test_migrate__dry_run_writes_nothing(author: AuthorWorld) -> None:
    ran = migrate(author, "--dry-run")

    assert (ran.code, "+  value: 57.1" in ran.out, written(author)) == (0, True, [])


def test_migrate__a_repo_on_the_hub_is_written_to_a_folder(author: AuthorWorld) -> None:
    ran = author.run("migrate", MODEL, "--out=there")
    usual = author.run("migrate", MODEL)

    assert (ran.code, usual.code) == (0, 0), ran.err
    assert "value: 57.1\n" in (author.folder / "there" / SUMS).read_text()
    assert (author.folder / "adder" / SUMS).is_file()


def test_migrate__a_repo_on_the_hub_without_a_card(author: AuthorWorld) -> None:
    ran = author.run("migrate", "acme/none", "--out=mine")

    assert ran.code in (2, 3)
    assert written(author) == []
    assert "acme/none" in ran.err


def test_migrate__offline_takes_benchmarks_of_this_machine(author: AuthorWorld) -> None:
    ran = migrate(author, "--offline", "--benchmark=acme/sums=acme_sums")
    alone = author.run("migrate", "mine", "--offline", "--map=acme/unknown=acme/x:y", "--yes")

    assert (ran.code, alone.code) == (0, 0), ran.err + alone.err
    assert written(author) == [SUMS, ".eval_results/x.yaml"]
    assert "acme/unknown is not on this machine" in ran.err
    assert "--map gsm8k=OWNER/NAME" in alone.err
    assert "--task-id" not in alone.err


def test_migrate__a_hub_that_does_not_answer_ends_it(author: AuthorWorld) -> None:
    ran = author.world.run("migrate", "mine")

    assert ran.code == 3
    assert written(author) == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--map=gsm8k",), "`--map gsm8k` names no benchmark"),
        (("--map=gsm8k=gsm8k",), "a repo is named owner/name"),
        (("--map=nothing=acme/sums",), "README.md reports nothing of the name `nothing`"),
        (("--take=1",), "line 1 of README.md is no row of a table with scores"),
    ],
)
def test_migrate__what_cannot_be_is_said_and_nothing_is_written(
    author: AuthorWorld, options: tuple[str, ...], said: str
) -> None:
    ran = migrate(author, *options)

    assert (ran.code, written(author)) == (2, [])
    assert said in ran.err


def test_migrate__a_folder_without_a_card_and_a_card_that_is_a_link(author: AuthorWorld) -> None:
    card = author.mine / "README.md"
    card.unlink()
    none = migrate(author)
    card.symlink_to(author.folder / "model" / "README.md")
    link = migrate(author)

    assert (none.code, link.code) == (2, 2)
    assert "mine has no README.md" in none.err
    assert "is a link, which is not followed" in link.err


def test_migrate__front_matter_that_is_no_yaml_is_said_and_the_tables_are_read(author: AuthorWorld) -> None:
    card = "---\na: [\n---\n| Benchmark | Score |\n|---|---|\n| gsm8k | 50.5 |\n"
    ran = migrate(author, "--take=6", "--map=gsm8k=openai/gsm8k", card=card)

    assert ran.code == 0, ran.err
    assert "README.md: the front matter cannot be read: line 3" in ran.err
    assert "value: 50.5\n" in author.entry(GSM8K)


HOSTILE_NAMES = [
    "\x1b[31mred\x1b]0;title\x07",
    "../../../etc/passwd",
    "acme/../../sums",
    "/etc/passwd",
    "a" * 5000,
    "`code` | [x](javascript:alert(1)) <script>",
    "\u202eacme/smus",
    "acme/sums\n- dataset",
]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_migrate__hostile_names_are_shown_harmlessly_and_never_become_paths(author: AuthorWorld, name: str) -> None:
    text = "".join(f"\\u{ord(char):04x}" if not char.isprintable() else char for char in name.replace('"', ""))
    hostile = f'"{text}"'
    card = f"""---
model-index:
- results:
  - dataset: {{type: {hostile}, name: {hostile}, config: {hostile}, split: {hostile}}}
    metrics: [{{type: {hostile}, value: 50.5}}, {{type: {hostile}, value: {hostile}}}]
    source: {{url: {hostile}, name: {hostile}}}
  - dataset: {{type: acme/sums, name: {hostile}}}
    metrics: [{{type: {hostile}, name: {hostile}, value: 50.5}}]
    source: {{url: {hostile}, name: {hostile}}}
  - dataset: {{type: acme/news}}
    metrics: [{{type: {hostile}, value: 50.5}}]
    source: {{url: "https://example.org/x", name: {hostile}}}
---
| {name} | {name} |
|---|---|
| {name} | 50.5 |
"""
    ran = migrate(author, "--yes", card=card)

    assert ran.code == 0, ran.err
    assert written(author) == [NEWS, ".eval_results/sums.yaml"]
    assert "source" not in author.entry(".eval_results/sums.yaml")
    assert author.run("check", "mine", "--online").code == 0
    assert all(char.isprintable() or char == "\n" for char in ran.out + ran.err)
    assert max(map(len, ran.err.splitlines())) < 400
    assert "Traceback" not in ran.err
    outside = {path.name for path in author.folder.iterdir()}
    assert outside == {"model", "mine", "home", *(each.replace("/", "_") for each in BENCHMARKS)}


@pytest.fixture
def terminal(author: AuthorWorld) -> Terminal:
    """`migrate` at a terminal, of a card with one result and two rows."""
    index, table = CARD.partition("  - dataset: {name: GSM8k")[0], CARD.partition("---\n# Adder")[2]
    (author.mine / "README.md").write_text(f"{index}---\n{table}")
    return Terminal((COMMAND, "migrate", "mine", "--repo", MODEL), author.folder, author.environment())


def test_terminal__a_row_like_a_benchmark_is_asked_about_and_enter_means_no(
    author: AuthorWorld, terminal: Terminal
) -> None:
    terminal.answer("What tells the set-up from the usual one, for `notes` [5-shot]:")
    terminal.answer("has a row GSM8K (Adder = 12.5, Other = 10). Is it a result to take [y/N]:")
    terminal.answer(f"Write mine/{SUMS} [Y/n]:")

    assert terminal.end() == 0
    assert "Cups of tea" not in terminal.screen
    assert written(author) == [SUMS]


def test_terminal__a_row_is_taken_with_a_yes(author: AuthorWorld, terminal: Terminal) -> None:
    terminal.answer("for `notes` [5-shot]:")
    terminal.answer("Is it a result to take [y/N]:", "y")
    terminal.answer("The benchmark that the task GSM8K is of", "")
    terminal.answer("your choice:", "1")
    terminal.answer("your choice [Adder = 12.5]:")
    terminal.answer("[Y/n]:")

    assert terminal.end() == 0
    assert "value: 12.5\n" in author.entry(GSM8K)
    assert written(author) == [GSM8K, SUMS]


def test_terminal__ctrl_c_at_any_question_leaves_nothing(author: AuthorWorld, terminal: Terminal) -> None:
    terminal.answer("for `notes` [5-shot]:")
    terminal.wait_for("[y/N]:")
    terminal.press_ctrl_c()

    assert terminal.end() == 3
    assert "stopped" in terminal.screen
    assert "Traceback" not in terminal.screen
    assert written(author) == []
