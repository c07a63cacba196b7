"""What it means that GitHub did not do it, told for a person: what, where, and what to change."""

from datetime import UTC, datetime

from evalmark.adapters.github.endpoints import Call
from evalmark.errors import CouldNotFinish, EvalmarkError, Forbidden, UsageProblem


class Gone(CouldNotFinish):
    """A comment is not there any more."""


def refusal(call: Call, status: int, said: str) -> EvalmarkError:
    """The error for an answer that is neither what was asked for nor a limit."""
    match status:
        case 401:
            return UsageProblem(
                f"GitHub does not take the token (there is none, it is wrong or it has expired): {said}",
                "in a workflow, give the job's own: `github-token: ${{ github.token }}`; elsewhere, set a new one",
            )
        case 403:
            return Forbidden(f"the token may not {call.endpoint.what} in {call.repository}: {said}", _right(call))
        case 404 | 410:
            return _absent(call, said)
        case _:
            return CouldNotFinish(f"GitHub answered {call} with {status}: {said}", "try again later")


def _absent(call: Call, said: str) -> EvalmarkError:
    """404 is also what GitHub says of what a token may not see. It does not tell which."""
    if "comment_id" in call.values:  # it has just been listed, so the token may see it
        return Gone(f"comment {call.values['comment_id']} in {call.repository} is gone: {said}", "run it again")
    number = call.values.get("pull_number", call.values.get("issue_number"))
    if number is not None:
        return UsageProblem(
            f"{call.repository} has no pull request {number} that the token may see: {said}",
            f"check the number; if it is right, the job needs `permissions: {call.endpoint.permission}`",
        )
    return Forbidden(
        f"cannot {call.endpoint.what} in {call.repository}: {said}. That is what GitHub says of what is not there, "
        "and of what a token may not see",
        _right(call),
    )


def _right(call: Call) -> str:
    return (
        f"add `permissions: {call.endpoint.permission}` to the job. A pull request from a fork gets a token that "
        "only reads, whatever the job says"
    )


def limited(call: Call, until: float) -> CouldNotFinish:
    """GitHub's limit holds longer than we wait. `until` in seconds since 1970."""
    return CouldNotFinish(
        f"GitHub's rate limit is reached; it holds until {_utc(until)} (asked: {call})", "run it again after that"
    )


def in_trouble(call: Call, trouble: str) -> CouldNotFinish:
    """The service or the network failed us."""
    if call.endpoint.method == "POST":
        return CouldNotFinish(
            f"GitHub did not confirm {call}: {trouble}. It may still have been done",
            "look at the pull request, then run it again",
        )
    return CouldNotFinish(f"GitHub cannot be asked: {trouble} ({call})", "check the network, or try again later")


def _utc(seconds: float) -> str:
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC"
    except (OverflowError, ValueError, OSError):  # a header may say any number
        return "a day far away"
