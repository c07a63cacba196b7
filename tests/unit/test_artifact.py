import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from evalmark import artifact

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)
KEYS = st.text().filter(lambda key: key != "kind")


@given(st.dictionaries(KEYS, JSON, max_size=4))
def test_artifact__comes_back_as_it_was(body: dict[str, object]) -> None:
    assert artifact.loads("plan/1", artifact.dumps("plan/1", body)) == body


def test_dumps__is_readable_and_says_its_kind_first() -> None:
    assert artifact.dumps("plan/1", {"b": "ü", "a": 1}) == '{\n  "kind": "plan/1",\n  "b": "ü",\n  "a": 1\n}\n'


def test_dumps__refuses_what_json_cannot_say() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        artifact.dumps("plan/1", {"score": float("nan")})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("", "Expecting value", id="empty"),
        pytest.param("{", "Expecting property name", id="cut-off"),
        pytest.param('{"kind": "plan/1", "score": NaN}', "NaN is not a JSON number", id="not-a-number"),
        pytest.param('{"kind": "plan/1", "score": -Infinity}', "-Infinity is not a JSON number", id="infinity"),
        pytest.param("[" * 100_000, "not a plan/1 artifact: nested too deeply", id="too-deep"),
        pytest.param("1" * 5000, "digits", id="too-many-digits"),
        pytest.param("{}", "found None", id="no-kind"),
        pytest.param("[]", "found None", id="list"),
        pytest.param('"plan/1"', "found None", id="text"),
        pytest.param('{"kind": "plan/2"}', "found 'plan/2'", id="another-version"),
        pytest.param('{"kind": "verdict/1"}', "found 'verdict/1'", id="another-kind"),
        pytest.param('{"kind": ["plan/1"]}', "expected a plan/1 artifact", id="kind-that-is-not-text"),
    ],
)
def test_loads__refuses_anything_else(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        artifact.loads("plan/1", text)


def test_loads__refuses_what_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    text = artifact.dumps("plan/1", {})
    monkeypatch.setattr(artifact, "MAX_BYTES", len(text) - 1)

    with pytest.raises(ValueError, match="over"):
        artifact.loads("plan/1", text)


def test_loads__reads_what_just_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    text = artifact.dumps("plan/1", {})
    monkeypatch.setattr(artifact, "MAX_BYTES", len(text))

    assert artifact.loads("plan/1", text) == {}


class Example(artifact.Frozen):
    score: float


def test_frozen__cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Example(score=1).score = 2


@pytest.mark.parametrize(
    ("data", "error"),
    [
        pytest.param({"score": 1, "more": 2}, "extra_forbidden", id="unknown-key"),
        pytest.param({"score": float("nan")}, "finite_number", id="not-a-number"),
        pytest.param({"score": float("inf")}, "finite_number", id="infinity"),
    ],
)
def test_frozen__refuses(data: dict[str, float], error: str) -> None:
    with pytest.raises(ValidationError, match=error):
        Example.model_validate(data)
