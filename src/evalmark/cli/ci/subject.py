"""What is rerun, and against which Hub: the same for the half that runs the model and for the half that judges."""

import secrets

from evalmark.adapters.hub import HubClient
from evalmark.cli.ci.session import Session
from evalmark.errors import UsageProblem
from evalmark.facts import ModelFacts
from evalmark.flows.allowed import OnlyAllowed
from evalmark.flows.pull_request import About, Handed, mains_of, model_revision_of
from evalmark.flows.verify import Terms
from evalmark.plan.identity import HF_PREFIX
from evalmark.plan.order import Question, nonce_from_secret


def about(session: Session, hub: OnlyAllowed, handed: Handed | None = None) -> About:
    """Whose claims they are: the model on the Hub at the commit that ran, or else what GitHub has of it."""
    repository, hub_repo = session.workflow.repository, session.inputs.hub_repo
    if hub_repo is None:
        return About(repository, ModelFacts(repository, session.target.head))
    revision = model_revision_of(handed.plan) if handed is not None else None
    return About(repository, hub.model(hub_repo, revision or "main"))


def allowed_hub(session: Session, handed: Handed | None = None) -> OnlyAllowed:
    """The Hub, as far as the workflow allows its benchmarks to run."""
    settings = session.settings
    hub = HubClient(settings.endpoint, settings.cache / "hub", settings.token)
    return OnlyAllowed(hub, hub, session.inputs.allowed, mains_of(handed.plan) if handed is not None else {})


def terms(session: Session) -> Terms:
    """On what terms something is rerun. Raises `UsageProblem` if no model is named, or one that nobody can find."""
    choice, secret = session.inputs.choice, session.settings.secret
    if choice.spec is None:
        raise UsageProblem(
            "the input `model` is missing, so there is nothing to rerun the claims with",
            "write for example model: hf/acme/acme-7b and hub-repo: acme/acme-7b; or mode: validate",
        )
    if choice.spec.startswith(HF_PREFIX) and session.inputs.hub_repo is None:
        raise UsageProblem(
            f"`model: {choice.spec}` takes the weights from the Hub, and it is not known whose claims these are there",
            "write the input hub-repo: owner/name",
        )

    def kept(question: Question) -> str | None:
        return nonce_from_secret(secret, question) if secret else None

    return Terms(choice, session.inputs.limits, lambda _claims: secrets.token_hex(16), kept)
