"""Is the log of the claimed model on the claimed task, run as the task says?"""

from evalmark.judge.log_count import Counted
from evalmark.logged import Check, Logged, State, Wanted
from evalmark.plan.claims import Claim

# Providers whose models are named as on the Hub, so that another name is another model.
NAME_REPOS = frozenset({"hf", "vllm", "sglang", "hf-inference-providers"})


def identity_checks(
    claim: Claim, wanted: Wanted, logged: Logged, counted: Counted, why_unknown: str
) -> tuple[Check, ...]:
    """Task, benchmark revision, model, model revision, scorer, epochs. `why_unknown`: of the benchmark's samples."""
    return (
        _task(wanted, logged, counted, why_unknown),
        _revision(claim, wanted, logged),
        _model(claim, logged),
        Check(name="model revision", state="not recorded", says="Inspect's logs do not record a model's revision"),
        _scorer(wanted, logged),
        _epochs(wanted, logged),
    )


def _task(wanted: Wanted, logged: Logged, counted: Counted, why_unknown: str) -> Check:
    named = logged.dataset_id == wanted.dataset_id and logged.task_id in {wanted.task_id, None}
    called = f"the log calls its task `{logged.task}`"
    if not logged.samples or not counted.known:
        if named:
            return _check("task", "right", called)
        if logged.dataset_id is not None:
            return _check("task", "wrong", f"{called}, which is another than {wanted.dataset_id}/{wanted.task_id}")
        why = f"the benchmark's samples could not be loaded ({why_unknown})" if why_unknown else "it has no samples"
        return _check("task", "not recorded", f"{called}, and {why}")
    mine, there = len(counted.mine), len(logged.samples)
    if mine and (named or (2 * mine >= there and 2 * mine >= counted.total)):
        return _check("task", "right", f"{called}, and {mine} of its {there} samples are the benchmark's")
    return _check("task", "wrong", f"{called}, and {mine} of its {there} samples are those of {wanted.task_id}")


def _revision(claim: Claim, wanted: Wanted, logged: Logged) -> Check:
    name, ran = "benchmark revision", logged.dataset_revision
    if ran is None:
        return _check(name, "not recorded", "the log does not say which revision of the benchmark ran")
    if ran == wanted.revision:
        return _check(name, "right", f"the log ran {ran[:12]}")
    if claim.dataset_revision is None:
        says = f"the claim names none; the log ran {ran[:12]}, and the newest is {wanted.revision[:12]}"
        return _check(name, "not recorded", says)
    return _check(name, "wrong", f"the log ran {ran[:12]}, and the claim names {wanted.revision[:12]}")


def _model(claim: Claim, logged: Logged) -> Check:
    provider, _, rest = logged.model.casefold().partition("/")
    claimed = claim.model.casefold()
    repo = rest.partition(":")[0] if provider == "hf-inference-providers" else rest
    if repo == claimed or logged.model.casefold() == claimed or repo.endswith(f"/{claimed}"):
        return _check("model", "right", f"the log ran `{logged.model}`")
    if provider in NAME_REPOS and repo.count("/") == 1:
        return _check("model", "wrong", f"the log ran `{logged.model}`, and the claim is of {claim.model}")
    if repo.rpartition("/")[2] == claimed.rpartition("/")[2]:
        return _check("model", "right", f"the log ran `{logged.model}`, which has the claimed model's name")
    says = f"the log ran `{logged.model}`: the name under which a model was served"
    return _check("model", "not recorded", says)


def _scorer(wanted: Wanted, logged: Logged) -> Check:
    if logged.scorer is None:
        return _check("scorer", "wrong", "the log names no scorer")
    if logged.scorer != wanted.scorer:
        return _check("scorer", "wrong", f"the log was scored by `{logged.scorer}`, the task by `{wanted.scorer}`")
    if logged.scorer_args is None:
        return _check("scorer", "not recorded", f"the log was scored by `{wanted.scorer}`, with unknown arguments")
    if any(name not in logged.scorer_args for name in wanted.scorer_args) or any(
        logged.scorer_args[name] != value for name, value in wanted.scorer_args.items()
    ):
        return _check("scorer", "wrong", f"the log's `{wanted.scorer}` has other arguments than the task's")
    if len(logged.scorer_args) > len(wanted.scorer_args):
        return _check("scorer", "not recorded", f"the log's `{wanted.scorer}` names arguments that the task leaves out")
    return _check("scorer", "right", f"the log was scored by `{wanted.scorer}`, as the task says")


def _epochs(wanted: Wanted, logged: Logged) -> Check:
    ran, should = _times(logged.epochs, logged.reducer), _times(wanted.epochs, wanted.reducer)
    if ran == should:
        return _check("epochs", "right", f"the log has {ran}")
    return _check("epochs", "wrong", f"the log has {ran}, and the task {should}")


def _times(epochs: int, reducer: str) -> str:
    """How a single epoch is reduced does not matter."""
    return "one epoch" if epochs == 1 else f"{epochs} epochs, reduced by `{reducer}`"


def _check(name: str, state: State, says: str) -> Check:
    return Check(name=name, state=state, says=says)
