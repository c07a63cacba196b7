"""Whether an earlier plan has already drawn a nonce for what is asked now."""

from evalmark.plan.making import Plan
from evalmark.plan.order import Question, same_question


def kept_nonce(earlier: Plan, question: Question) -> str | None:
    """The nonce of an earlier plan that asked all of this: a new one would let somebody wait for a good order.

    None if something is new in it: its author may know the old order.
    """
    for job in earlier.jobs:
        asked = same_question(earlier.claims_of(job), earlier.weights)
        if job.nonce and question <= asked:
            return job.nonce
    return None
