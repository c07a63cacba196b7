"""The bot that nobody looks on: what it refuses before it begins."""

import argparse

import pytest

from evalmark.cli import watch
from evalmark.cli.bot import bot_of, model_for
from evalmark.cli.hub_names import OnHub
from evalmark.cli.settings import read_settings
from evalmark.errors import UsageProblem


def options(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    watch.add_arguments(parser)
    return parser.parse_args(list(words))


@pytest.mark.parametrize(
    ("token", "words", "said"),
    [
        ("", [], "there is no Hub token"),
        ("hf_x", ["--pass-env=HF_TOKEN"], "does not get"),
        ("hf_x", ["--pass-env=GITHUB_TOKEN"], "does not get"),
        ("hf_x", ["--pass-env=EVALMARK_SECRET"], "does not get"),
    ],
)
def test_bot__what_it_does_not_begin_with(token: str, words: list[str], said: str) -> None:
    with pytest.raises(UsageProblem, match=said):
        bot_of(options("acme/model", *words), read_settings({"HF_TOKEN": token, "HOME": "/nowhere"}))


@pytest.mark.parametrize("words", [["--dry-run"], ["--dry-run", "--pass-env=ACME_API_KEY"]])
def test_bot__a_dry_run_needs_no_token(words: list[str]) -> None:
    assert bot_of(options("acme/model", *words), read_settings({"HOME": "/nowhere"})).dry_run


@pytest.mark.parametrize(
    ("model", "expected"), [(None, None), ("vllm/{repo}", "vllm/acme/model"), ("openai-api/x/y", "openai-api/x/y")]
)
def test_model__may_stand_for_each_claimed_repo(model: str | None, expected: str | None) -> None:
    assert model_for(OnHub("acme/model", number=3), model) == expected
