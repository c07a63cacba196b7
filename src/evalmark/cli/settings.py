"""The only reader of the environment."""

import os
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path

HUB = "https://huggingface.co"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the surroundings say. The token is used to look things up, and reaches no process that runs a model."""

    endpoint: str
    token: str | None = field(repr=False)
    cache: Path
    colour: bool
    environment: Mapping[str, str] = field(repr=False)
    """Everything, for the rerun's allow-list to pick from."""
    secret: str | None = field(default=None, repr=False)
    """A verifier's own, from which the order of samples follows: nobody else can know it or make it be drawn anew."""
    webhook_secret: str | None = field(default=None, repr=False)
    """What the Hub says with each webhook, so that nobody else can send one."""
    signing_key: str | None = field(default=None, repr=False)
    """A private key in PEM, for signing receipts."""


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the environment once."""
    cache_home = environment.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Settings(
        endpoint=environment.get("HF_ENDPOINT", HUB).rstrip("/"),
        token=environment.get("HF_TOKEN") or None,
        cache=Path(cache_home) / "evalmark",
        colour="NO_COLOR" not in environment and environment.get("TERM") != "dumb",
        secret=environment.get("EVALMARK_SECRET") or None,
        webhook_secret=environment.get("EVALMARK_WEBHOOK_SECRET") or None,
        signing_key=environment.get("EVALMARK_SIGNING_KEY") or None,
        environment=dict(environment),
    )


def without_pydantic_plugins(environment: MutableMapping[str, str] = os.environ) -> None:
    """Keep pydantic from looking through every installed package for plugins, a tenth of the time of a short check.

    Nothing of ours has a plugin, and one of somebody else's has no business with the files. Say it before the import.
    """
    environment.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
