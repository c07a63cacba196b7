"""Which model runs, and whether it is provably the claimed one.

The model that runs must be the claimed repo at the claimed commit. Anything served under a name may be another
model, so it needs the caller's consent, and every report then says that the identity is not proved.
"""

from collections.abc import Mapping

from pydantic import Field

from evalmark.artifact import Frozen
from evalmark.errors import Refused, UsageProblem
from evalmark.facts import ModelFacts

Scalar = str | int | float | bool | None

HF_PREFIX = "hf/"
LLAMACPP_PREFIX = "llamacpp/"
# Arguments of `hf/` that choose hardware or speed but not what the model is.
NEUTRAL_HF_ARGS = frozenset(
    {"attn_implementation", "batch_size", "device", "do_sample", "dtype", "low_cpu_mem_usage", "torch_dtype"}
)
CODE_ARGS = frozenset({"trust_remote_code", "auto_map"})


class Identity(Frozen):
    """Whether the model that ran is the model that is claimed."""

    proved: bool
    statement: str = Field(description="For example `weights sha256 … are those of owner/name`.")


class ModelRun(Frozen):
    """The model that a rerun uses, as Inspect is told."""

    spec: str = Field(description="Inspect model string, for example `hf/owner/name`.")
    revision: str = Field(description="Commit of the claimed repo, or `sha256:…` of a weights file, or `unknown`.")
    identity: Identity
    args: Mapping[str, Scalar] = Field(default_factory=dict, description="Model arguments.")
    base_url: str | None = None
    generation: Mapping[str, Scalar] = Field(default_factory=dict, description="Generation options of the caller.")


class ModelChoice(Frozen):
    """What the caller asked for. `spec` None means the claimed repo itself, through transformers."""

    spec: str | None = None
    accept_served: bool = False
    args: Mapping[str, Scalar] = Field(default_factory=dict)
    base_url: str | None = None
    generation: Mapping[str, Scalar] = Field(default_factory=dict)
    grader: str | None = Field(default=None, description="The model that grades, as Inspect names it, or `self`.")
    weights_sha256: str | None = Field(default=None, description="Digest of the local weights file behind `llamacpp/`.")


def identify(choice: ModelChoice, model: ModelFacts) -> ModelRun:
    """Decide what runs.

    Raises `Refused` for code of the model repo, `UsageProblem` for a served model without consent.
    """
    if CODE_ARGS & set(choice.args):
        raise Refused(
            "`trust_remote_code` would run code of the model repo in the process that measures it",
            "serve the model in a sandbox of yours and give its address with --model-base-url",
        )
    spec = choice.spec or f"{HF_PREFIX}{model.name}"
    identity, revision = _identity(spec, choice, model)
    if not identity.proved and not choice.accept_served:
        raise UsageProblem(
            f"the model `{spec}` is not provably {model.name} at {model.revision[:12]}",
            "leave --model out to run the claimed weights, or add --accept-served-model (in the action: "
            "accept-served-model: true): the report then says that the identity is not proved",
        )
    return ModelRun(
        spec=spec,
        revision=revision,
        identity=identity,
        args=choice.args,
        base_url=choice.base_url,
        generation=choice.generation,
    )


def _identity(spec: str, choice: ModelChoice, model: ModelFacts) -> tuple[Identity, str]:
    served = Identity(proved=False, statement=f"identity not proved: served as {spec}")
    if spec == f"{HF_PREFIX}{model.name}" and set(choice.args) <= NEUTRAL_HF_ARGS:
        statement = f"the weights of {model.name} at {model.revision}"
        return Identity(proved=True, statement=statement), model.revision
    if spec.startswith(LLAMACPP_PREFIX) and choice.weights_sha256:
        return _weights_identity(choice.weights_sha256, model, served), f"sha256:{choice.weights_sha256}"
    return served, "unknown"


def _weights_identity(sha256: str, model: ModelFacts, otherwise: Identity) -> Identity:
    for path, listed in sorted(model.weights.items()):
        if listed == sha256:
            statement = f"{path} of {model.name} at {model.revision}, sha256 {sha256}"
            return Identity(proved=True, statement=statement)
    return otherwise
