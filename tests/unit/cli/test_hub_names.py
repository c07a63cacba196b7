"""How a model repo on the Hub is named on the command line."""

import pytest

from evalmark.cli.hub_names import OnHub, hub_name

SHA = "a" * 40


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("acme/model", OnHub("acme/model")),
        ("acme/model-7b.v1", OnHub("acme/model-7b.v1")),
        (f"acme/model@{SHA}", OnHub("acme/model", SHA)),
        ("acme/model@refs/pr/3", OnHub("acme/model", "refs/pr/3")),
        ("acme/model#12", OnHub("acme/model", number=12)),
        ("acme/model#0", None),
        ("acme/model#x", None),
        ("acme/model@", None),
        ("acme", None),
        ("./model", None),
        ("../acme/model", None),
        ("acme/a/b", None),
        ("acme/mo del", None),
        ("-x/model", None),
        ("acme/modèl", None),
    ],
)
def test_hub_name(text: str, expected: OnHub | None) -> None:
    assert hub_name(text) == expected


@pytest.mark.parametrize("text", ["acme/model", f"acme/model@{SHA}", "acme/model#12"])
def test_hub_name__is_written_as_it_is_read(text: str) -> None:
    assert str(hub_name(text)) == text
