"""What a submission does not bring, in words."""

import sys

from evalmark.authoring.submission import Submission
from evalmark.checks.links import OtherClaim
from evalmark.report.escape import plain


def tell_left_out(found: Submission) -> None:
    """Entries that main or a pull request has already, and those that only main has."""
    for stays in found.kept:
        dataset = stays.entry.dataset
        print(
            f"kept: {plain(dataset.id)} · {plain(dataset.task_id)} = {stays.value_text} is on main and not here; "
            "a score is withdrawn by hand",
            file=sys.stderr,
        )
    for each in found.left_out:
        dataset, other = each.entry.entry.dataset, each.other
        where = f"pull request {other.pull_request}" if other and other.pull_request else "main"
        print(
            f"left out: {plain(dataset.id)} · {plain(dataset.task_id)} = {each.entry.value_text} is reported already, "
            f"in {where}",
            file=sys.stderr,
        )


def tell_taken_out(claim: OtherClaim) -> None:
    """A score that one's own pull request has, and will not have any more."""
    dataset = claim.entry.entry.dataset
    print(
        f"taken out of pull request {claim.pull_request}: {plain(dataset.id)} · {plain(dataset.task_id)} = "
        f"{claim.entry.value_text} is not in {plain(claim.path)} here",
        file=sys.stderr,
    )
