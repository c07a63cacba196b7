from evalmark.formats.nodes import Mapping, plain_data
from evalmark.formats.toml import key_places, read_toml

TEXT = """\
unit = "percent"  # noise = 1
  tolerance=0.01
"quoted key" = 1
[tasks."a.b/c"]
noise = 0.1
[ tasks . d ]
'e' . f = 2
[[list]]
g = 3
"""


def test_key_places__know_tables_quotes_and_dots() -> None:
    assert key_places(TEXT) == {
        ("unit",): (1, 1),
        ("tolerance",): (2, 3),
        ("quoted key",): (3, 1),
        ("tasks",): (4, 1),
        ("tasks", "a.b/c"): (4, 1),
        ("tasks", "a.b/c", "noise"): (5, 1),
        ("tasks", "d"): (6, 1),
        ("tasks", "d", "e", "f"): (7, 1),
        ("list",): (8, 1),
        ("list", "g"): (9, 1),
    }


def test_key_places__first_of_two_wins() -> None:
    assert key_places("a = 1\na = 2\n") == {("a",): (1, 1)}


def test_key_places__very_long_lines_are_quick() -> None:
    assert key_places("\n".join([" " * 60_000, "a" * 60_000, "a." * 30_000, "[" * 60_000, '"' * 60_000])) == {}


def test_read_toml__gives_plain_data_without_the_ignored_table() -> None:
    root = read_toml("f.toml", b"a = 2026-01-15\nb = [1, 2.5, true, 'x']\n[c]\nd = 1\n[check]\ne = 1\n", "check").root

    assert root is not None
    assert plain_data(root) == {"a": "2026-01-15", "b": [1, 2.5, True, "x"], "c": {"d": 1}}


def test_read_toml__place_is_that_of_the_innermost_key_found() -> None:
    root = read_toml("f.toml", b"\n[a]\nb = { c = [1] }\n", "check").root

    assert isinstance(root, Mapping)
    outer = root.get("a")
    assert isinstance(outer, Mapping)
    inner = outer.get("b")
    assert isinstance(inner, Mapping)
    assert (inner.pairs[0][0].place.line, inner.pairs[0][0].place.pointer) == (3, "a.b.c")
    assert (outer.place.line, root.place.line) == (2, 1)
