"""What a log says about a claim, as tables: the verdict of the whole, and each check for itself."""

from fractions import Fraction
from typing import Any

import pytest

from evalmark.formats.declaration import Unit
from evalmark.judge.logs import Question, judge_log, scores_by_key, unreadable
from evalmark.logged import LogEvidence, Logged, NoSampleSet, SampleSet, Unreadable, Wanted
from evalmark.stats.claimed import readings
from tests.builders import DATASET_SHA, claim
from tests.logs import keys, logged, ones, rescore, sample, wanted

OTHER_SHA = "d" * 40
UNKNOWN = NoSampleSet(reason="no network")


def judged(
    log: Logged,
    digits: str = "57.0",
    *,
    unit: Unit | None = "percent",
    task: Wanted | None = None,
    samples: SampleSet | NoSampleSet | None = None,
    **claimed: Any,
) -> LogEvidence:
    made = claim(digits, **claimed)
    return judge_log(Question(made, readings(digits, unit), task or wanted(), samples or keys()), log)


def state_of(says: LogEvidence, name: str) -> str:
    return next(check.state for check in says.checks if check.name == name)


def sentence(says: LogEvidence, name: str) -> str:
    return next(check.says for check in says.checks if check.name == name)


# ── the whole ───────────────────────────────────────────────────────────────────────────────


def test_log__whole_and_rescored_is_consistent() -> None:
    says = judged(logged(stated=0.57, stated_as="accuracy"))

    assert (says.state, says.rung, says.score, says.samples, says.missing) == ("consistent", "rescored", 0.57, 100, 0)
    assert says.reason == (
        "the log is consistent with the claim: the samples give 57.000, as claimed, "
        "and the benchmark's scorer gives each of them again"
    )
    wrong = [check for check in says.checks if check.state == "wrong"]
    assert wrong == []
    assert state_of(says, "model revision") == "not recorded"
    assert says.generation == {"temperature": 0}


def test_log__that_cannot_be_rescored_is_on_the_rung_of_a_log() -> None:
    says = judged(logged(rescores=()), task=wanted(not_rescored="its scorer is a model"))

    assert (says.state, says.rung) == ("consistent", "log")
    assert sentence(says, "rescored") == "not rescored: its scorer is a model"


@pytest.mark.parametrize(
    ("digits", "right", "unit", "state"),
    [
        ("57.0", 57, "percent", "consistent"),
        ("0.57", 57, "fraction", "consistent"),
        ("0.57", 57, None, "consistent"),
        ("57", 57, None, "consistent"),
        ("57.1", 57, "percent", "contradicts"),
        ("57.04", 57, "percent", "contradicts"),
        ("67.0", 57, "percent", "contradicts"),
        ("0.57", 57, "percent", "contradicts"),
        ("0.6", 57, "fraction", "consistent"),
        ("0.5", 57, "fraction", "contradicts"),
        ("0.6", 55, "fraction", "consistent"),
        ("0.5", 55, "fraction", "consistent"),
    ],
)
def test_log__is_compared_after_rounding_and_in_the_claims_unit(
    digits: str, right: int, unit: Unit | None, state: str
) -> None:
    assert judged(logged(ones(right)), digits, unit=unit).state == state


def test_log__an_ambiguous_unit_is_settled_by_the_log() -> None:
    assert "read as a fraction" in judged(logged(), "0.57", unit=None).reason


def test_log__thirds_are_compared_exactly() -> None:
    thirds = [1 / 3] * 99 + [0.0]

    assert judged(logged(thirds), "0.33", unit="fraction").score == pytest.approx(0.33)
    assert judged(logged(thirds), "0.330000", unit="fraction").state == "consistent"


def test_log__five_edited_scores_are_found_and_named() -> None:
    says = judged(logged(ones(62), again=ones(57)), "62.0")

    assert (says.state, says.rung, says.score) == ("contradicts", "rescored", 0.57)
    assert [each.id for each in says.edited] == ["57", "58", "59", "60", "61"]
    assert (says.edited[0].logged, says.edited[0].rescored) == ((1.0,), (0.0,))
    assert "5 of 100 samples have another score than their transcripts give" in says.reason


def test_log__of_many_edited_scores_twenty_are_named() -> None:
    says = judged(logged(ones(100), again=ones(0)), "100.0")

    assert (len(says.edited), says.edited_count) == (20, 100)


def test_log__edited_but_the_transcripts_give_the_claim_is_unusable() -> None:
    swapped = [*ones(56, 57), *ones(1, 43)]

    says = judged(logged(ones(57), again=swapped))

    assert (says.state, says.rung, says.edited_count) == ("unusable", "benchmark", 2)


def test_log__of_another_inspect_is_not_called_edited() -> None:
    says = judged(logged(ones(62), again=ones(57), inspect="0.3.200"), "62.0")

    assert says.state == "unusable"
    assert "two versions may score differently" in says.reason
    assert "Inspect 0.3.200 wrote it, 0.3.285 scored again" in sentence(says, "rescored")


def test_log__a_score_that_was_left_out_but_is_wrong_is_found() -> None:
    """Inspect leaves None and NaN out of its accuracy, so a wrong answer that is given one lifts the score."""
    says = judged(logged([*ones(57, 57), *[None] * 43], again=ones(57)), "100.0")

    assert (says.state, says.missing, says.edited_count) == ("contradicts", 43, 43)


@pytest.mark.parametrize(
    ("changes", "digits", "state"),
    [
        pytest.param({"invalidated": True}, "57.0", "unusable", id="invalidated"),
        pytest.param({"updates": 2}, "57.0", "unusable", id="updated"),
        pytest.param({"updates": 2}, "67.0", "contradicts", id="updated, and rescored to another number"),
        pytest.param({"updates": 2, "rescores": ()}, "67.0", "unusable", id="updated, not rescored, another number"),
        pytest.param({"status": "error"}, "57.0", "unusable", id="did not end well"),
        pytest.param({"unplanned": 1}, "57.0", "unusable", id="a sample that was not to run"),
    ],
)
def test_log__that_was_changed_or_is_odd(changes: dict[str, Any], digits: str, state: str) -> None:
    assert judged(logged(**changes), digits).state == state


@pytest.mark.parametrize(
    ("scores", "digits", "state"),
    [
        pytest.param(ones(57, lost=2), "57.0", "unusable", id="could be the claim"),
        pytest.param(ones(57, lost=2), "59.0", "unusable", id="could be the claim, at most"),
        pytest.param(ones(57, lost=2), "60.0", "contradicts", id="could not"),
        pytest.param([None] * 100, "60.0", "unusable", id="nothing scored"),
        pytest.param([2.0, *ones(57, 99)], "57.0", "unusable", id="outside 0 to 1"),
        pytest.param((), "57.0", "unusable", id="no samples"),
    ],
)
def test_log__with_samples_that_have_no_score(scores: list[float | None], digits: str, state: str) -> None:
    assert judged(logged(scores), digits).state == state


def test_log__of_a_part_of_the_benchmark_says_what_is_left_open() -> None:
    says = judged(logged(ones(20, 20), selection="limit=20"))

    assert (says.state, says.missing) == ("unusable", 80)
    assert "80 of 100 samples have no score (limit=20)" in says.reason
    assert (
        sentence(says, "score") == "the samples leave the score at 20.000 to 100.000, whatever the missing ones scored"
    )


def test_log__samples_that_the_benchmark_lacks_do_not_count() -> None:
    easy = tuple(sample(number, 1.0) for number in range(1000, 1043))
    own = tuple(sample(number, score) for number, score in enumerate(ones(57, 57)))

    says = judged(logged(samples=own + easy))

    assert (says.state, says.missing) == ("unusable", 43)
    assert "43 samples are not the benchmark's" in says.reason


def test_log__an_easy_sample_twice_counts_once() -> None:
    says = judged(logged(samples=tuple(sample(0, 1.0, id=str(number)) for number in range(100))), "100.0")

    assert (says.state, says.missing) == ("unusable", 99)


def test_log__tells_limits_errors_and_early_stops() -> None:
    cut = (sample(0, 1.0, limited=1), sample(1, None, failed=1))

    says = judged(logged(samples=cut, early_stops=3), "50.0", samples=keys(2))

    assert sentence(says, "samples") == "1 of 2 samples have no score (3 stopped early, 1 ended in an error)"
    assert "1 were cut short by a limit" in sentence(judged(logged(samples=cut[:1]), samples=keys(1)), "samples")


def test_log__changed_scores_are_told() -> None:
    says = judged(logged(samples=(sample(0, 1.0, edited=1),)), "100.0", samples=keys(1))

    assert sentence(says, "unedited") == "the scores of 1 samples were changed or invalidated afterwards"


# ── each question ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("changes", "samples", "state"),
    [
        pytest.param({}, keys(), "right", id="named, and the samples agree"),
        pytest.param({"task_id": None}, keys(), "right", id="the benchmark's only task"),
        pytest.param({}, UNKNOWN, "right", id="named"),
        pytest.param({"task_id": "other"}, UNKNOWN, "wrong", id="names another task"),
        pytest.param({"dataset_id": "acme/other"}, UNKNOWN, "wrong", id="names another benchmark"),
        pytest.param({"dataset_id": None, "task_id": None}, UNKNOWN, "not recorded", id="a name of its own"),
        pytest.param({"dataset_id": None, "task_id": None}, keys(), "right", id="a name of its own, samples agree"),
        pytest.param({"dataset_id": None, "task_id": None}, keys(300), "wrong", id="a small part of the samples"),
        pytest.param({"dataset_id": None}, SampleSet(keys=("e" * 64,)), "wrong", id="other samples"),
        pytest.param({}, SampleSet(keys=("e" * 64,)), "wrong", id="named, but other samples"),
        pytest.param({"samples": (), "rescores": (), "dataset_id": None}, keys(), "not recorded", id="no samples"),
    ],
)
def test_task(changes: dict[str, Any], samples: SampleSet | NoSampleSet, state: str) -> None:
    assert state_of(judged(logged(**changes), samples=samples), "task") == state


@pytest.mark.parametrize(
    ("ran", "claimed", "state"),
    [
        (DATASET_SHA, None, "right"),
        (DATASET_SHA, DATASET_SHA, "right"),
        (None, DATASET_SHA, "not recorded"),
        (OTHER_SHA, None, "not recorded"),
        (OTHER_SHA, DATASET_SHA, "wrong"),
    ],
)
def test_benchmark_revision(ran: str | None, claimed: str | None, state: str) -> None:
    says = judged(logged(dataset_revision=ran), dataset_revision=claimed)

    assert state_of(says, "benchmark revision") == state


@pytest.mark.parametrize(
    ("model", "state"),
    [
        ("hf/acme/model", "right"),
        ("acme/model", "right"),
        ("vllm/Acme/Model", "right"),
        ("openai-api/local/acme/model", "right"),
        ("hf-inference-providers/acme/model:fast", "right"),
        ("hf/acme/other", "wrong"),
        ("hf/other/model", "wrong"),
        ("ollama/model", "right"),
        ("llamacpp/model.Q4.gguf", "not recorded"),
        ("hf/local", "not recorded"),
    ],
)
def test_model(model: str, state: str) -> None:
    assert state_of(judged(logged(model=model)), "model") == state


@pytest.mark.parametrize(
    ("scorer", "args", "state"),
    [
        ("match", {"location": "end"}, "right"),
        ("match", None, "not recorded"),
        ("match", {"location": "end", "numeric": False}, "not recorded"),
        ("match", {"location": "any"}, "wrong"),
        ("match", {}, "wrong"),
        ("includes", {"location": "end"}, "wrong"),
        (None, None, "wrong"),
    ],
)
def test_scorer(scorer: str | None, args: dict[str, Any] | None, state: str) -> None:
    says = judged(logged(scorer=scorer, scorer_args=args), task=wanted(scorer_args={"location": "end"}))

    assert state_of(says, "scorer") == state
    assert says.state == ("unusable" if state == "wrong" else "consistent")


@pytest.mark.parametrize(
    ("epochs", "reducer", "state"),
    [(4, "mean", "right"), (4, "max", "wrong"), (1, "mean", "wrong"), (5, "mean", "wrong")],
)
def test_epochs(epochs: int, reducer: str, state: str) -> None:
    says = judged(logged(epochs=epochs, reducer=reducer), task=wanted(epochs=4))

    assert state_of(says, "epochs") == state


def test_epochs__of_one_the_reducer_does_not_matter() -> None:
    assert state_of(judged(logged(reducer="max")), "epochs") == "right"


def test_samples__of_an_unknown_benchmark_are_not_recorded() -> None:
    says = judged(logged(), samples=UNKNOWN)

    assert state_of(says, "samples") == "not recorded"
    assert says.state == "consistent"


@pytest.mark.parametrize(("stated", "state"), [(None, "not recorded"), (0.5700000000000001, "right"), (0.67, "wrong")])
def test_stated_score__is_told_and_not_believed(stated: float | None, state: str) -> None:
    says = judged(logged(stated=stated, stated_as="accuracy"))

    assert state_of(says, "stated score") == state
    assert says.state == "consistent"


def test_rescored__not_on_a_log_of_another_scorer() -> None:
    says = judged(logged(rescores=(rescore(ones(57), "hf/acme/other/sums@main"),)))

    assert (says.state, says.rung, state_of(says, "rescored")) == ("consistent", "log", "not recorded")


# ── beside the judging ──────────────────────────────────────────────────────────────────────


def test_scores_by_key__are_the_rescored_ones_and_keep_what_is_asked_twice() -> None:
    log = logged(samples=(sample(0, 1.0), sample(0, 1 / 3), sample(1, None)))

    assert scores_by_key(wanted(), log) == {
        sample(0, 1.0).key: (Fraction(1), Fraction(1, 3)),
        sample(1, None).key: (None,),
    }
    assert set(scores_by_key(wanted(), logged(ones(100), again=ones(0))).values()) == {(Fraction(0),)}


def test_unreadable__says_why() -> None:
    says = unreadable(Unreadable(file="run.eval", reason="a zip bomb", advice="give the log"))

    assert (says.state, says.reason) == ("unusable", "the log run.eval was not read: a zip bomb")
