"""Which mode runs, and what becomes of trouble: one annotation that says what to do, and an exit code."""

import importlib
import importlib.util
from collections.abc import Callable

from evalmark.cli.ci.inputs import Inputs, read_inputs
from evalmark.cli.ci.session import Session
from evalmark.cli.ci.workflow import Workflow, read_workflow
from evalmark.cli.settings import read_settings
from evalmark.errors import CouldNotFinish, EvalmarkError, ExitCode, MissingExtra, Refused

RERUN_PARTS = ("inspect_ai", "datasets", "huggingface_hub", "rich")
REPORT_PARTS = ("huggingface_hub",)


def run_mode(mode: str) -> ExitCode:
    """Run one mode. What goes wrong is told as an annotation of the run; its exit code is an output as well."""
    settings = read_settings()
    workflow = read_workflow(settings.environment)
    try:
        inputs = read_inputs(settings.environment, workflow.temp)
        code = _run(mode, inputs, Session(workflow, inputs, settings))
    except EvalmarkError as error:
        code = _stopped(workflow, error)
    workflow.set_output(exit_code=str(code.value))
    return code


def _run(mode: str, inputs: Inputs, session: Session) -> ExitCode:
    if mode == "auto" and inputs.choice.spec is not None:
        return _rerun_and_report(session)
    return MODES["validate" if mode == "auto" else mode](session)


def _rerun_and_report(session: Session) -> ExitCode:
    """In one job, for branches that are trusted. A rerun that could not finish is reported as far as it came."""
    try:
        _rerun(session)
    except CouldNotFinish as error:
        _stopped(session.workflow, error)
        return max(_report(session), error.exit_code)
    return _report(session)


def _validate(session: Session) -> ExitCode:
    from evalmark.cli.ci.validate import validate  # noqa: PLC0415 - each mode loads what it needs and no more

    return validate(session)


def _rerun(session: Session) -> ExitCode:
    _refuse_key(session)
    return _with_parts("rerun", "verify", RERUN_PARTS)(session)


def _refuse_key(session: Session) -> None:
    if session.settings.signing_key is not None:
        raise Refused(
            "a signing key is in a job that runs a model, where the model's code could take it",
            "give `signing-key` only to a job with mode: report, as in hooks/workflows/evalmark-verify-signed.yml",
        )


def _report(session: Session) -> ExitCode:
    return _with_parts("report", "hub", REPORT_PARTS)(session)


def _with_parts(mode: str, extra: str, parts: tuple[str, ...]) -> Callable[[Session], ExitCode]:
    if any(importlib.util.find_spec(part) is None for part in parts):
        raise MissingExtra(extra, f"ci {mode}")
    found: Callable[[Session], ExitCode] = getattr(importlib.import_module(f"evalmark.cli.ci.{mode}"), mode)
    return found


MODES: dict[str, Callable[[Session], ExitCode]] = {"validate": _validate, "rerun": _rerun, "report": _report}


def _stopped(workflow: Workflow, error: EvalmarkError) -> ExitCode:
    workflow.error(error.message, error.advice)
    return error.exit_code
