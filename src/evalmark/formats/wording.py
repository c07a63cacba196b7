"""The words for what can be wrong with any field of any file. The rule ids are stable."""

from collections.abc import Mapping
from types import MappingProxyType

from evalmark.formats.nodes import Node, Scalar
from evalmark.formats.translate import ANY_ERROR, Wording

MISSING = "missing"


def text_help(node: Node) -> str:
    """How to make a text of what is none."""
    if not isinstance(node, Scalar):
        return "write one text"
    if node.value is None:
        return "write a text, or delete the line"
    return f'put it in quotes: "{node.text}"' if len(node.text) < 60 else "put it in quotes"


EVERY_FILE: Mapping[tuple[str, str], Wording] = MappingProxyType(
    {
        (ANY_ERROR, MISSING): Wording("field-missing", "`{field}` is missing", "add it"),
        (ANY_ERROR, "string_type"): Wording("field-type", "`{field}` must be a text, but it is {found}", text_help),
        (ANY_ERROR, "model_type"): Wording(
            "field-type", "`{field}` must be a mapping, but it is {found}", "write its keys below it, indented"
        ),
        (ANY_ERROR, "dict_type"): Wording(
            "field-type", "`{field}` must be a mapping, but it is {found}", "write its keys below it, indented"
        ),
        (ANY_ERROR, "tuple_type"): Wording(
            "field-type", "`{field}` must be a list, but it is {found}", "write one item a line, each after `- `"
        ),
        (ANY_ERROR, "bool_type"): Wording(
            "field-type",
            "`{field}` must be true or false, but it is {found}",
            "write `true` or `false`, without quotes",
        ),
        (ANY_ERROR, ANY_ERROR): Wording(
            "field-type", "`{field}` cannot be {found}", "see the description of the format for what it can be"
        ),
    }
)
