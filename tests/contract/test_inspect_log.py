"""Real Inspect logs, read, counted and scored again in a process of its own; and the claims that they support."""

import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from inspect_ai.log import (
    EvalLog,
    EvalSample,
    ProvenanceData,
    TagsEdit,
    edit_eval_log,
    edit_score,
    invalidate_samples,
    read_eval_log,
    write_eval_log,
)
from inspect_ai.scorer import Score, ScoreEdit

from evalmark.adapters.hub import HubClient
from evalmark.adapters.inspect_log.logs import InspectLogs, LogPlaces
from evalmark.adapters.inspect_runner.samples import sample_key
from evalmark.errors import UsageProblem
from evalmark.facts import BenchmarkFound, BenchmarkRef
from evalmark.flows.evidence import Evidence, gather, wanted_by
from evalmark.flows.verify import read_benchmark
from evalmark.localhub import LocalHub, RepoId
from evalmark.logged import Logged, NoSampleSet, SampleSet
from evalmark.plan.claims import Claim
from evalmark.ports import BenchmarkFiles
from tests.builders import claim
from tests.contract.inspect_logs import COMPUTED, QUIZ, RIGHT, SAMPLES, make_quiz, run_claimant

# Inspect itself uses what its own dependencies call deprecated, and leaves streams to the garbage collector.
pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.slow]

REF = BenchmarkRef(QUIZ)
# What a scorer that looks at the whole answer gives for `ANSWER: 4`.
SCORES = {"exact": "0.0", "f1": "40.2"}
BY = ProvenanceData(author="ada", reason="because")


@dataclass(frozen=True)
class Quiz:
    """A benchmark on a running Hub, the claimant's honest logs of it by task, and what reads them."""

    url: str
    found: BenchmarkFound
    honest: dict[str, Path]
    reader: InspectLogs

    def says(self, place: Path, task: str = "match", digits: str = "60.0") -> Evidence:
        """The evidence at a place for a claim of one task."""
        (evidence,) = gather((quiz_claim(task, digits),), {REF: self.found}, self.reader, str(place))
        assert evidence is not None
        return evidence

    def log(self, task: str = "match") -> EvalLog:
        """The honest log of a task."""
        return read_eval_log(str(self.honest[task]))

    def changed(self, to: Path, change: Callable[[EvalLog], EvalLog | None], task: str = "match") -> Evidence:
        """The evidence of a log that somebody changed."""
        log = self.log(task)
        write_eval_log(change(log) or log, str(to / "log.eval"))
        gc.collect()
        return self.says(to, task)


def quiz_claim(task: str, digits: str = "60.0") -> Claim:
    return claim(digits, dataset_id=QUIZ, task_id=task, model="acme/quiz")


def number_in(sample: EvalSample) -> int:
    return int(str(sample.input).split()[2])


@pytest.fixture(scope="module")
def quiz(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Quiz]:
    root = tmp_path_factory.mktemp("quiz")
    with LocalHub({RepoId("datasets", QUIZ): make_quiz(root / "bench")}) as hub:
        files = HubClient(hub.url, root / "hub").benchmark(REF)
        assert isinstance(files, BenchmarkFiles)
        names = {task: f"hf/{QUIZ}/{task}@{files.revision}" for task in COMPUTED}
        runs: list[tuple[str, str, dict[str, object]]] = [
            (name, str(root / task), {"log_format": "json" if task == "includes" else "eval"})
            for task, name in names.items()
        ]
        runs.append((names["match"], str(root / "limited"), {"limit": 15}))
        run_claimant(hub.url, root / "claimant", runs)
        honest = {task: next((root / task).iterdir()) for task in (*COMPUTED, "limited")}
        places = LogPlaces(root / "cache", lambda _: hub.url, {"PATH": "/usr/bin"}, Path)
        yield Quiz(hub.url, read_benchmark(QUIZ, files), honest, InspectLogs(places))


@pytest.fixture(scope="module")
def all_honest(quiz: Quiz, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Evidence]:
    """The evidence for a claim about each task, from one folder with all logs."""
    folder = tmp_path_factory.mktemp("honest")
    for task in COMPUTED:
        (folder / f"{task}{quiz.honest[task].suffix}").write_bytes(quiz.honest[task].read_bytes())
    found = gather(
        tuple(quiz_claim(task, SCORES.get(task, "60.0")) for task in COMPUTED),
        {REF: quiz.found},
        quiz.reader,
        str(folder),
    )
    return {task: evidence for task, evidence in zip(COMPUTED, found, strict=True) if evidence is not None}


# ── honest logs ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("task", COMPUTED)
def test_honest_log__is_rescored_and_consistent(all_honest: dict[str, Evidence], task: str) -> None:
    says = all_honest[task].says

    assert says.state == "consistent", says
    assert (says.rung, says.samples, says.missing) == ("rescored", SAMPLES, 0)
    assert says.score == pytest.approx(float(SCORES.get(task, "60.0")) / 100)
    assert [check.name for check in says.checks if check.state == "wrong"] == []
    assert says.file.startswith(task)
    assert len(all_honest[task].scores) == SAMPLES


def test_honest_log__tells_how_the_model_sampled_and_how_much_it_varies(all_honest: dict[str, Evidence]) -> None:
    assert all_honest["match"].says.generation == {"temperature": 0, "max_tokens": 8}
    assert all_honest["choice"].says.noise == 0.0
    assert all_honest["match"].says.noise is None


def test_honest_log__has_the_keys_that_a_rerun_gives(quiz: Quiz, all_honest: dict[str, Evidence]) -> None:
    keys = {sample_key(sample) for task in ("match", "choice") for sample in quiz.log(task).samples or []}

    assert set(all_honest["match"].scores) | set(all_honest["choice"].scores) == keys
    assert len(keys) == 2 * SAMPLES


def test_sample_set__is_loaded_once_and_without_a_model(quiz: Quiz, all_honest: dict[str, Evidence]) -> None:
    wanted = wanted_by(quiz_claim("choice"), quiz.found)
    assert wanted is not None
    nowhere = LogPlaces(quiz.reader._at.cache, lambda _: "http://127.0.0.1:9", {"PATH": "/usr/bin"}, Path)

    read = InspectLogs(nowhere).read(str(quiz.honest["choice"]), (wanted,))

    keys = read.sample_sets[wanted.task]
    assert isinstance(keys, SampleSet)
    assert set(keys.keys) == set(all_honest["choice"].scores)


def test_sample_set__that_cannot_be_loaded_is_told(quiz: Quiz, tmp_path: Path) -> None:
    wanted = wanted_by(quiz_claim("match"), quiz.found)
    assert wanted is not None
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "README.md").write_text("no benchmark")
    with LocalHub({RepoId("datasets", "acme/other"): tmp_path / "other"}) as hub:
        places = LogPlaces(tmp_path, lambda _: hub.url, {"PATH": "/usr/bin"}, Path)
        read = InspectLogs(places).read(str(quiz.honest["match"]), (wanted,))

    assert isinstance(read.sample_sets[wanted.task], NoSampleSet)
    assert isinstance(read.logs[0], Logged)


# ── logs that were changed, and parts ───────────────────────────────────────────────────────


def test_log__of_which_five_scores_were_edited_contradicts_the_inflated_claim(quiz: Quiz, tmp_path: Path) -> None:
    log = quiz.log("choice")
    for sample in log.samples or []:
        if RIGHT <= number_in(sample) < RIGHT + 5:
            sample.scores = {"choice": Score(value="C")}
    write_eval_log(log, str(tmp_path / "log.json"))

    says = quiz.says(tmp_path, "choice", "85.0").says

    assert (says.state, says.rung, says.score, says.edited_count) == ("contradicts", "rescored", 0.6, 5)
    assert "5 of 20 samples have another score than their transcripts give" in says.reason
    questions = {f"What is {number} + {number}?" for number in range(RIGHT, RIGHT + 5)}
    assert {each.question for each in says.edited} == questions
    assert {(each.logged, each.rescored) for each in says.edited} == {((1.0, 1.0), (0.0, 0.0))}


def test_log__edits_that_inspect_records_are_told(quiz: Quiz, tmp_path: Path) -> None:
    def edit(log: EvalLog) -> EvalLog:
        sample = (log.samples or [])[0]
        edit_score(log, sample.id, "match", ScoreEdit(value="C", provenance=BY))
        log = invalidate_samples(log, [str(sample.uuid)], BY)
        return edit_eval_log(log, [TagsEdit(tags_add=["final"])], BY)

    says = quiz.changed(tmp_path, edit).says

    unedited = next(check for check in says.checks if check.name == "unedited")
    assert unedited.state == "wrong"
    assert unedited.says == (
        "the scores of 1 samples were changed or invalidated afterwards; the log is marked as invalidated; "
        "the log or its settings were changed 1 times"
    )


def test_log__errored_none_and_nan_samples_stay_in_the_denominator(quiz: Quiz, tmp_path: Path) -> None:
    """Twelve of seventeen are right by Inspect's own accuracy, and twelve of twenty by the plan."""

    def lose(log: EvalLog) -> None:
        samples = log.samples or []
        by_number = {number_in(sample): sample for sample in samples}
        by_number[17].scores = {"match": Score.unscored()}
        by_number[18].scores = {}
        assert log.samples is not None
        log.samples.remove(by_number[19])

    says = quiz.changed(tmp_path, lose).says

    assert (says.state, says.missing, says.score) == ("unusable", 3, 0.6)
    assert "3 of 20 samples have no score" in says.reason


def test_log__of_a_limited_run_says_so(quiz: Quiz) -> None:
    says = quiz.says(quiz.honest["limited"], digits="80.0").says

    assert (says.state, says.missing) == ("unusable", 5)
    assert "5 of 20 samples have no score (limit=15)" in says.reason


def test_log__of_another_task_of_the_benchmark_is_not_taken(quiz: Quiz) -> None:
    says = quiz.says(quiz.honest["f1"], "choice").says

    assert says.state == "unusable"
    assert "0 of its 20 samples are those of choice" in says.reason


def test_log__whose_scorer_is_a_model_is_not_rescored(quiz: Quiz) -> None:
    says = quiz.says(quiz.honest["match"], "judged").says

    assert next(check.says for check in says.checks if check.name == "rescored") == (
        "not rescored: its scorer is a model"
    )


def test_place__without_a_log(quiz: Quiz, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing")

    for place in (tmp_path, tmp_path / "notes.txt", tmp_path / "absent"):
        with pytest.raises(UsageProblem):
            quiz.says(place)
