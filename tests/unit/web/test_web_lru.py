"""What was made lately, up to a size."""

from evalmark.web.lru import Lru


def test_lru__drops_what_was_not_asked_for_the_longest() -> None:
    kept: Lru[str, int] = Lru(10)
    for name in ("a", "b", "c"):
        kept.put(name, 1, 3)
    kept.get("a")
    kept.put("d", 1, 3)

    assert [name for name in ("a", "b", "c", "d") if kept.get(name)] == ["a", "c", "d"]
    assert kept.weight == 9


def test_lru__a_new_value_takes_the_place_of_the_older() -> None:
    kept: Lru[str, int] = Lru(10)
    kept.put("a", 1, 8)
    kept.put("a", 2, 5)

    assert (kept.get("a"), kept.weight) == (2, 5)


def test_lru__too_heavy_is_not_kept() -> None:
    kept: Lru[str, int] = Lru(10)
    kept.put("a", 1, 5)
    kept.put("a", 2, 11)

    assert (kept.get("a"), kept.weight) == (None, 0)


def test_lru__of_no_size_keeps_nothing() -> None:
    kept: Lru[str, int] = Lru(0)
    kept.put("a", 1, 1)

    assert kept.get("a") is None


def test_lru__is_emptied() -> None:
    kept: Lru[str, int] = Lru(10)
    kept.put("a", 1, 5)
    kept.clear()

    assert (kept.get("a"), kept.weight) == (None, 0)
