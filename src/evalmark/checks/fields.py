"""Looking into a tree that may have errors: what is not there, or not a text, is None."""

from collections.abc import Iterator

from evalmark.formats.nodes import Mapping, Node, Scalar, Sequence


def mapping_in(around: Mapping | None, key: str) -> Mapping | None:
    """The mapping under a key."""
    child = around.get(key) if around is not None else None
    return child if isinstance(child, Mapping) else None


def text_in(around: Mapping | None, key: str) -> Scalar | None:
    """The text under a key that is not empty."""
    child = around.get(key) if around is not None else None
    return child if isinstance(child, Scalar) and isinstance(child.value, str) and child.value else None


def key_in(around: Mapping, key: str) -> Scalar:
    """The key itself, which must be there."""
    return next(scalar for scalar, _ in around.pairs if scalar.text == key)


def items_in(around: Mapping, key: str) -> Iterator[Mapping]:
    """The mappings in the list under a key."""
    child: Node | None = around.get(key)
    items = child.items if isinstance(child, Sequence) else ()
    return (item for item in items if isinstance(item, Mapping))
