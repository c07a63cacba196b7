"""What a rerun has left for whoever judges it."""

import hashlib
from pathlib import Path

from evalmark import artifact
from evalmark.adapters.handed import read_handed
from evalmark.errors import Refused
from evalmark.flows.pull_request import AGAIN, Handed
from evalmark.outcome import KIND as OUTCOME_KIND
from evalmark.outcome import Outcomes
from evalmark.plan.making import KIND as PLAN_KIND
from evalmark.plan.making import Plan


def handed_in(folder: Path) -> Handed | None:
    """Plan and outcomes in a folder, by exact names; None without a plan.

    Raises `Refused` for what evalmark cannot have written, and what `read_handed` raises.
    """
    plan, outcomes = (read_handed(folder, name) for name in ("plan.json", "outcome.json"))
    if plan is None:
        return None
    try:
        return Handed(
            plan=Plan.model_validate(artifact.loads(PLAN_KIND, plan.decode())),
            digest=hashlib.sha256(plan).hexdigest(),
            outcomes=Outcomes.model_validate(artifact.loads(OUTCOME_KIND, outcomes.decode())) if outcomes else None,
        )
    except ValueError as error:
        raise Refused("what the rerun handed over is not what evalmark writes", AGAIN) from error
