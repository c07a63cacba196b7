"""The kit's workflows, filled in."""

import re
from pathlib import Path

import pytest

from evalmark.authoring.workflow import Workflow, filled_in, has_examples
from evalmark.errors import UsageProblem

KIT = Path(__file__).resolve().parents[3] / "hooks/workflows"
OWN = Workflow("ada/tiny", "openai-api/my-host/tiny", "https://m.ada.example/v1", ("ada/sums", "openai/gsm8k"))


@pytest.mark.parametrize("name", ["evalmark-verify.yml", "evalmark-verify-trusted.yml", "evalmark-verify-signed.yml"])
def test_filled_in__nothing_of_the_example_is_left(name: str) -> None:
    before = (KIT / name).read_text()
    after = filled_in(before, OWN)

    assert has_examples(before)
    assert not has_examples(after)
    assert not re.search(r"(?i)acme", after)
    assert "MY_HOST_API_KEY: ${{ secrets.MY_HOST_API_KEY }}" in after
    assert re.search(r"\n( +)ada/sums\n\1openai/gsm8k\n", after)
    assert after.count("\n") == before.count("\n") + before.count("openai/gsm8k")


def test_filled_in__a_name_may_hold_an_example() -> None:
    own = Workflow("acme/acme-7b-mini", "openai-api/acme/acme-7b-mini", "https://m.example/v1", ("a/b",))

    assert "MODEL: openai-api/acme/acme-7b-mini\n" in filled_in((KIT / "evalmark-verify.yml").read_text(), own)


@pytest.mark.parametrize(
    ("model", "address"),
    [
        ("tiny", "https://a.example"),
        ("a/b\nrun: x", "https://a.example"),
        ("a/b", "file:///x"),
        ("a/b", "https://a ${{x}}"),
    ],
)
def test_workflow__takes_nothing_that_means_more(model: str, address: str) -> None:
    with pytest.raises(UsageProblem):
        Workflow("ada/tiny", model, address, ("a/b",))


def test_workflow__the_key_of_a_provider() -> None:
    assert Workflow("ada/tiny", "anthropic/claude", "https://a.example", ()).key == "ANTHROPIC_API_KEY"
