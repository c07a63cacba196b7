"""What a webhook means: real ones (facts/hub-api.md), hostile ones, and that none of them raises."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalmark.web.webhook import Asked, Changed, Ignored, Meaning, Moved, meaning, parse

MODEL, SHA, ME = "acme/adder", "a" * 40, "61d2f90c3c2083e1c08af22d"
COMMENT_ID = "6399f58518721fdd27fc9caa"
EVERYTHING: frozenset[str] = frozenset()


def told(scope: str, action: str = "create", **more: Any) -> dict[str, Any]:
    """A webhook of version 3."""
    return {
        "event": {"action": action, "scope": scope},
        "repo": {
            "type": "model",
            "name": MODEL,
            "id": "621ffdc036468d709f17434d",
            "private": False,
            "url": {"web": f"https://huggingface.co/{MODEL}", "api": f"https://huggingface.co/api/models/{MODEL}"},
            "owner": {"id": "628b753283ef59b5be89e937"},
        },
        "webhook": {"id": "6390e855e30d9209411de93b", "version": 3},
    } | more


def discussion(**changes: Any) -> dict[str, Any]:
    """Its part about a pull request."""
    return {
        "id": "6399f58518721fdd27fc9ca9",
        "title": "Add a score",
        "url": {"web": f"https://huggingface.co/{MODEL}/discussions/19"},
        "status": "open",
        "author": {"id": "6673e848436907f83a815ab0"},
        "num": 19,
        "isPullRequest": True,
        "changes": {"base": "refs/heads/main"},
    } | changes


def comment(content: str = "/verify", **changes: Any) -> dict[str, Any]:
    """Its part about a comment."""
    author = {"id": "6673e848436907f83a815ab0"}
    return {"id": COMMENT_ID, "author": author, "content": content, "hidden": False} | changes


def means(payload: dict[str, Any], watched: frozenset[str] = EVERYTHING) -> Meaning:
    """What a webhook means to us."""
    happened = parse(json.dumps(payload).encode())
    assert happened is not None
    return meaning(happened, watched, ME)


def moved(*refs: dict[str, Any]) -> dict[str, Any]:
    """A push."""
    return told("repo.content", "update", updatedRefs=list(refs))


def ref(name: str = "refs/pr/5", new: Any = SHA) -> dict[str, Any]:
    """A branch that has moved."""
    return {"ref": name, "oldSha": None, "newSha": new}


@pytest.mark.parametrize(
    ("payload", "meant"),
    [
        pytest.param(
            told("discussion", discussion=discussion(), comment=comment("Adds a score")),
            (Changed(MODEL, 19, f"discussion:{MODEL}:6399f58518721fdd27fc9ca9"),),
            id="a new pull request",
        ),
        pytest.param(moved(ref()), (Changed(MODEL, 5, f"content:{MODEL}:5:{SHA}"),), id="a push to a pull request"),
        pytest.param(
            moved(ref("refs/heads/main"), ref("refs/pr/7", "b" * 40), ref()),
            (Changed(MODEL, 7, f"content:{MODEL}:7:{'b' * 40}"), Changed(MODEL, 5, f"content:{MODEL}:5:{SHA}")),
            id="several branches",
        ),
        pytest.param(
            told("discussion", "update", discussion=discussion()), (Changed(MODEL, 19, ""),), id="opened again"
        ),
        pytest.param(
            told("discussion.comment", discussion=discussion(), comment=comment("/verify\nplease")),
            Asked(MODEL, 19, COMMENT_ID, "verify"),
            id="a command",
        ),
        pytest.param(
            told("discussion.comment", discussion=discussion(), comment=comment("Why?")),
            Ignored("no command"),
            id="a comment",
        ),
        pytest.param(
            told("discussion.comment", discussion=discussion(), comment=comment(author={"id": ME})),
            Ignored("own comment"),
            id="our own comment",
        ),
        pytest.param(
            told("discussion.comment", "update", discussion=discussion(), comment=comment()),
            Ignored("not a new comment"),
            id="an edited command",
        ),
        pytest.param(
            told("discussion.comment", discussion=discussion(), comment={"id": COMMENT_ID, "hidden": True}),
            Ignored("not a new comment"),
            id="a hidden comment, which has no content",
        ),
        pytest.param(
            told("discussion.comment", discussion=discussion(status="closed"), comment=comment()),
            Ignored("not open"),
            id="a command on a closed one",
        ),
        pytest.param(
            told("discussion.comment", discussion=discussion(isPullRequest=False), comment=comment()),
            Ignored("no pull request"),
            id="a command in a discussion",
        ),
        pytest.param(told("discussion", discussion=discussion(status="closed")), Ignored("not open"), id="closed"),
        pytest.param(told("discussion", discussion=discussion(status="draft")), Ignored("not open"), id="a draft"),
        pytest.param(
            told("discussion", discussion=discussion(isPullRequest=False)),
            Ignored("no pull request"),
            id="a discussion",
        ),
        pytest.param(told("discussion", "delete", discussion=discussion()), Ignored("action"), id="removed"),
        pytest.param(moved(ref("refs/heads/main")), Ignored("no pull request"), id="a push to main"),
        pytest.param(moved(ref(new=None)), Ignored("no pull request"), id="a branch that was removed"),
        pytest.param(told("repo.content", "update"), Ignored("no pull request"), id="without its refs"),
        pytest.param(told("repo.content", "delete", updatedRefs=[ref()]), Ignored("action"), id="another action"),
        pytest.param(told("repo.config", "update"), Ignored("scope"), id="settings"),
        pytest.param(told("repo.fancy.new", "update"), Ignored("scope"), id="a scope of the future"),
        pytest.param(
            told("repo.content", "update", repo={"type": "dataset", "name": MODEL}, updatedRefs=[ref()]),
            Ignored("not a model"),
            id="a dataset",
        ),
    ],
)
def test_meaning(payload: dict[str, Any], meant: Meaning) -> None:
    assert means(payload) == meant


@pytest.mark.parametrize(
    ("watched", "works"),
    [({"acme"}, True), ({MODEL}, True), ({"other", "acme/else"}, False), ({"acme/add"}, False)],
)
def test_meaning__only_of_what_is_watched(watched: set[str], works: bool) -> None:
    assert isinstance(means(moved(ref()), frozenset(watched)), tuple) is works


def test_meaning__without_knowing_who_we_are() -> None:
    happened = parse(json.dumps(told("discussion.comment", discussion=discussion(), comment=comment())).encode())

    assert happened is not None
    assert isinstance(meaning(happened, EVERYTHING, None), Asked)


@pytest.mark.parametrize(
    "changes",
    [
        {"num": True},
        {"num": "19"},
        {"num": 0},
        {"num": -4},
        {"num": 10**12},
        {"num": 1.0},
        {"isPullRequest": "true"},
        {"isPullRequest": 1},
        {"status": ["open"]},
    ],
)
def test_parse__a_part_of_the_wrong_kind_is_missing(changes: dict[str, Any]) -> None:
    assert isinstance(means(told("discussion", discussion=discussion(**changes))), Ignored)


@pytest.mark.parametrize(
    "name",
    ["adder", "acme/adder/more", "../etc/passwd", "acme/..", "acme/.hidden", "acme/a b", "acme/adder\n", "", None, 7],
)
def test_parse__a_name_that_is_none_of_the_hub_is_no_webhook(name: object) -> None:
    assert parse(json.dumps(told("discussion", repo={"type": "model", "name": name})).encode()) is None


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b"{", b"\xff\xfe", b"[" * 100_000, b'{"event": 1, "repo": 2}', b"NaN", b'"discussion"'],
)
def test_parse__what_is_no_webhook(body: bytes) -> None:
    assert parse(body) is None


def test_parse__only_whole_refs_of_pull_requests() -> None:
    names = ("refs/pr/0", "refs/pr/05", "refs/pr/5/x", "refs/pr/5\n", "x/refs/pr/5", "refs/pr/-5", "refs/pr/９")
    bad = [ref(name) for name in names] + [ref(new=new) for new in ("a" * 39, "A" * 40, "g" * 40, 7)]
    happened = parse(json.dumps(moved(*bad, ref())).encode())

    assert happened is not None
    assert happened.moved == (Moved(5, SHA),)


def test_parse__of_thousands_of_refs_the_first() -> None:
    happened = parse(json.dumps(moved(*(ref(f"refs/pr/{number}") for number in range(1, 5000)))).encode())

    assert happened is not None
    assert len(happened.moved) == 200


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
PARTS = ("event", "repo", "discussion", "comment", "updatedRefs", "webhook")


@given(st.binary(max_size=200))
def test_parse__bytes_never_raise(body: bytes) -> None:
    assert parse(body) is None or body


@given(
    st.sampled_from(PARTS), st.sampled_from(["discussion", "discussion.comment", "repo.content"]), JSON, st.booleans()
)
def test_parse__a_part_that_is_anything_never_raises(part: str, scope: str, value: Any, nested: bool) -> None:
    payload = told(scope, discussion=discussion(), comment=comment(), updatedRefs=[ref()])
    inside = payload[part]
    if nested and isinstance(inside, dict):
        payload[part] = dict.fromkeys(inside, value)
    elif nested and isinstance(inside, list):
        payload[part] = [dict.fromkeys(inside[0], value)]
    else:
        payload[part] = value
    happened = parse(json.dumps(payload).encode())
    if happened is not None:
        meaning(happened, EVERYTHING, ME)
