"""Which model grades in a rerun, if the task's scorer is one: only the one that the person names, if it is allowed."""

from collections.abc import Iterator
from dataclasses import dataclass

from evalmark.formats.benchmark import InspectTask, Scorer
from evalmark.formats.declaration import SELF
from evalmark.formats.nodes import shown
from evalmark.formats.safety import JUDGED_BY_A_MODEL
from evalmark.plan.rerunnable import Obstacle

# The role that a scorer asks when it names no model: what the runner fills.
ROLE = "grader"


@dataclass(frozen=True, slots=True)
class Asked:
    """The grader that the person names, if any, beside the model that runs and the repo that is claimed."""

    grader: str | None
    model_spec: str
    claimed_repo: str

    @property
    def is_the_model(self) -> bool:
        """Whether the model would grade itself, also if it is served under another address."""
        name = (self.grader or "").partition("@")[0]
        return self.grader == self.model_spec or f"/{name}".endswith(f"/{self.claimed_repo}")


@dataclass(frozen=True, slots=True)
class Grading:
    """Who grades: None if scores are computed."""

    grader: str | None = None
    is_the_model: bool = False


def grading(task: InspectTask, judges: tuple[str, ...] | None, asked: Asked) -> Grading | Obstacle:
    """Who grades `task`, or why nobody may. `judges` are those that the benchmark declares; None if it says nothing."""
    graded = [scorer for scorer in task.scorers if scorer.name in JUDGED_BY_A_MODEL or _named(scorer)]
    if not graded:
        return Grading()
    why_not = next((found for scorer in graded for found in _obstacles(scorer, judges, asked)), None)
    return why_not or Grading(asked.grader, asked.is_the_model)


def _obstacles(scorer: Scorer, judges: tuple[str, ...] | None, asked: Asked) -> Iterator[Obstacle]:
    """Why the scorer may not run, first things first."""
    if scorer.args.get("model_role", ROLE) != ROLE:
        yield Obstacle(
            f"the scorer `{scorer.name}` asks a model in a role of its own, which evalmark does not give to any",
            f"the benchmark's owner can leave `model_role` out: then it is `{ROLE}`",
        )
    named = _named(scorer)
    if asked.grader is None:
        yield _nobody_named(scorer, named, judges)
    elif named and set(named) != {asked.grader}:
        yield Obstacle(
            f"the task is graded by {_listed(named)}, so `{shown(asked.grader)}` would give other scores",
            f"name the task's judge: --grader {shown(named[0])}" if len(set(named)) == 1 else "evalmark runs one judge",
        )
    elif not _may_grade(asked, judges, is_named=bool(named)):
        yield _not_allowed(asked, judges)


def _may_grade(asked: Asked, judges: tuple[str, ...] | None, *, is_named: bool) -> bool:
    if asked.is_the_model:
        return SELF in (judges or ())
    return is_named if judges is None else asked.grader in judges


def _nobody_named(scorer: Scorer, named: tuple[str, ...], judges: tuple[str, ...] | None) -> Obstacle:
    if named:
        reason = f"`{scorer.name}` calls a model of the benchmark's choice on your account: {_listed(named)}"
        return Obstacle(reason, f"if you want to pay for it, add --grader {shown(named[0])}")
    reason = f"the scorer `{scorer.name}` is a model, and nobody has said which"
    return Obstacle(reason, _choose(judges))


def _not_allowed(asked: Asked, judges: tuple[str, ...] | None) -> Obstacle:
    grader = shown(asked.grader or "")
    if asked.is_the_model:
        return Obstacle(
            f"`{grader}` is the model under test, and the benchmark does not let a model grade itself",
            f'name another judge; or the benchmark\'s owner can add "{SELF}" to `judges` in .evalmark.toml',
        )
    return Obstacle(f"`{grader}` is no judge that the benchmark allows", _choose(judges))


def _choose(judges: tuple[str, ...] | None) -> str:
    if not judges:
        return 'the benchmark\'s owner can allow some in .evalmark.toml: judges = ["provider/name"]'
    return f"name with --grader one that the benchmark allows: {', '.join(map(shown, judges))}"


def _named(scorer: Scorer) -> tuple[str, ...]:
    """The models that the task itself names: one, or a panel."""
    model = scorer.args.get("model")
    models = model if isinstance(model, list) else [model]
    return tuple(str(each) for each in models if each)


def _listed(models: tuple[str, ...]) -> str:
    return " and ".join(f"`{shown(model)}`" for model in dict.fromkeys(models))
