"""The workflows of the adopters' kit, with the reader's own names in the place of the examples."""

import re
from dataclasses import dataclass
from typing import Final

from evalmark.errors import UsageProblem

EXAMPLE_REPO: Final = "acme/acme-7b"
EXAMPLE_MODEL: Final = "openai-api/acme/acme-7b"
EXAMPLE_URL: Final = "https://models.acme.example/v1"
EXAMPLE_BENCHMARK: Final = "openai/gsm8k"
EXAMPLE_KEY: Final = "ACME_API_KEY"
_MODEL: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@/-]{0,200}")
_ADDRESS: Final = re.compile(r"https?://[A-Za-z0-9._:/-]{1,200}")


@dataclass(frozen=True, slots=True)
class Workflow:
    """What a workflow is about. Raises `UsageProblem` for what YAML or a shell could take for something else."""

    repo: str
    model: str
    address: str
    benchmarks: tuple[str, ...]

    def __post_init__(self) -> None:
        """Only letters that mean nothing besides."""
        if not (_MODEL.fullmatch(self.model) and "/" in self.model):
            raise UsageProblem(f"`--model {self.model}` is not provider/name", "write it as Inspect does")
        if not _ADDRESS.fullmatch(self.address):
            raise UsageProblem(f"`--model-base-url {self.address}` is no plain address", "write https://host/v1")

    @property
    def key(self) -> str:
        """The secret with the key of the model's provider, by Inspect's naming."""
        provider, _, rest = self.model.partition("/")
        service = rest.partition("/")[0] if provider == "openai-api" else provider
        return f"{re.sub('[^A-Z0-9]', '_', service.upper())}_API_KEY"


def filled_in(text: str, about: Workflow) -> str:
    """Put the names in, all at once: one's own may hold an example."""
    own = {
        EXAMPLE_MODEL: about.model,
        EXAMPLE_URL: about.address,
        EXAMPLE_REPO: about.repo,
        EXAMPLE_KEY: about.key,
    }
    example = re.compile("|".join(map(re.escape, own)))
    line = re.compile(rf"^( *){re.escape(EXAMPLE_BENCHMARK)}\n", re.MULTILINE)
    text = line.sub(lambda found: "".join(f"{found[1]}{name}\n" for name in about.benchmarks), text)
    return example.sub(lambda found: own[found[0]], text)


def has_examples(text: str) -> bool:
    """Whether somebody has copied a workflow, and not yet said what it is about."""
    return EXAMPLE_REPO in text or EXAMPLE_URL in text
