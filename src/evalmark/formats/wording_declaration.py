"""The words for what can be wrong with a field of `.evalmark.toml`. The rule ids are stable."""

from collections.abc import Iterator, Mapping
from typing import get_args

from evalmark.formats.declaration import DatedKey, Declaration, Direction, TaskDeclaration, Unit
from evalmark.formats.settings import Effort, Settings, TokensPerSample, Variant
from evalmark.formats.translate import ANY_ERROR, FileKind, Part, Wording, one_of
from evalmark.formats.wording import EVERY_FILE, MISSING

Words = Mapping[tuple[str, str], Wording]

SEED = Wording(
    "seed-shared",
    "a `seed` would be the same for all samples, so that their errors fall together and a lucky one can be looked for",
    "delete the line: evalmark sends no seed, and the spread between runs is what the margins allow for",
)


def _number(what: str, advice: str) -> Wording:
    return Wording("setting-range", f"`{{field}}` must be {what}, but it is {{found}}", advice)


_WHOLE = _number("a whole number of at least 1", "write it without a point, or delete the line")
_PENALTY = _number("a number from −2 to 2", "0 is no penalty")
_TOKENS = Wording(
    "tokens-range",
    "`{field}` must be a number of tokens from 0 to a thousand million, but it is {found}",
    "write how many tokens one answer takes on average: {{input = 350, output = 1200}}",
)
_TOKENS_MISSING = Wording(
    "field-missing", "`{field}` is missing", "write both: {{input = 350, output = 1200}}, with the averages"
)
_SETTINGS: Words = {
    ("temperature", ANY_ERROR): _number("a number from 0 to 2", "0 takes the likeliest token; 1 draws as trained"),
    ("top_p", ANY_ERROR): _number("a number above 0 and at most 1", "1 draws from all tokens"),
    ("top_k", ANY_ERROR): _WHOLE,
    ("max_tokens", ANY_ERROR): _WHOLE,
    ("frequency_penalty", ANY_ERROR): _PENALTY,
    ("presence_penalty", ANY_ERROR): _PENALTY,
    ("reasoning_effort", ANY_ERROR): Wording(
        "setting-range", "`{field}` must be one of Inspect's efforts, but it is {found}", one_of(get_args(Effort))
    ),
    ("reasoning_tokens", ANY_ERROR): _WHOLE,
    ("stop_seqs", ANY_ERROR): Wording(
        "field-type",
        "`{field}` must be a list of texts, but it is {found}",
        'write it as ["END"], with one text or more',
    ),
    ("stop_seqs", "too_short"): Wording("field-type", "`{field}` is empty", 'write it as ["END"], or delete the line'),
    ("stop_seqs[]", ANY_ERROR): Wording(
        "field-type", "`{field}` must be a text that is not empty, but it is {found}", "put it in quotes"
    ),
    ("system_message", ANY_ERROR): Wording(
        "field-type", "`{field}` must be a text that is not empty, but it is {found}", "put it in quotes, or delete it"
    ),
}


def _table(above: str = "{field}") -> Wording:
    return Wording(
        "field-type",
        "`{field}` must be a table, but it is {found}",
        f"write `[{above}]` above the keys that belong to it",
    )


def _below(pattern: str, words: Words) -> Iterator[tuple[tuple[str, str], Wording]]:
    return (((f"{pattern}.{inner}", error_type), wording) for (inner, error_type), wording in words.items())


_TASK: Words = {
    ("unit", ANY_ERROR): Wording(
        "unit-unknown", "`{field}` must be the unit of the scores, but it is {found}", one_of(get_args(Unit))
    ),
    ("direction", ANY_ERROR): Wording(
        "direction-unknown",
        "`{field}` must say which scores are better, but it is {found}",
        one_of(get_args(Direction)),
    ),
    ("tolerance", ANY_ERROR): Wording(
        "tolerance-range",
        "`{field}` must be a number above 0 and at most 1, but it is {found}",
        "write it on the scale from 0 to 1, whatever the unit: 0.01 is one percentage point",
    ),
    ("noise", ANY_ERROR): Wording(
        "noise-range",
        "`{field}` must be a variance from 0 to 0.25, but it is {found}",
        "write it on the scale from 0 to 1; right or wrong by the toss of a coin has 0.25",
    ),
    ("settings", "model_type"): _table(),
    **dict(_below("settings", _SETTINGS)),
    ("variants", "dict_type"): _table('{field}."With tools"'),
    ("variants.*", "model_type"): _table(),
    ("variants.*.task", ANY_ERROR): Wording(
        "field-type", "`{field}` must be the id of a task in eval.yaml, but it is {found}", "write the id in quotes"
    ),
    ("variants.*.settings", "model_type"): _table(),
    **dict(_below("variants.*.settings", _SETTINGS)),
    ("clusters", ANY_ERROR): Wording(
        "field-type", "`{field}` must be the name of a column, but it is {found}", 'write it in quotes: "story_id"'
    ),
    ("judges", ANY_ERROR): Wording(
        "field-type",
        "`{field}` must be a list of models, but it is {found}",
        'write it as ["openai/gpt-4o-2024-08-06"]; [] allows none',
    ),
    ("judges[]", ANY_ERROR): Wording(
        "judge-form",
        "a judge must be `self`, or a model as Inspect names it, provider/name; but it is {found}",
        'write for example "openai/gpt-4o-2024-08-06"',
    ),
    ("tokens_per_sample", "model_type"): Wording(
        "field-type",
        "`{field}` must have `input` and `output`, but it is {found}",
        "write it as {{input = 350, output = 1200}}",
    ),
    ("tokens_per_sample.input", ANY_ERROR): _TOKENS,
    ("tokens_per_sample.output", ANY_ERROR): _TOKENS,
    ("tokens_per_sample.input", MISSING): _TOKENS_MISSING,
    ("tokens_per_sample.output", MISSING): _TOKENS_MISSING,
}
_TASK_PARTS: Mapping[str, Part] = {
    "settings": Part("the settings", Settings),
    "variants.*": Part("a variant", Variant),
    "variants.*.settings": Part("the settings", Settings),
    "tokens_per_sample": Part("the tokens of a sample", TokensPerSample),
}

DECLARATION_KIND = FileKind(
    parts={
        "": Part("a declaration", Declaration),
        "tasks.*": Part("a task's declaration", TaskDeclaration),
        "keys[]": Part("a trusted key", DatedKey),
        **_TASK_PARTS,
        **{f"tasks.*.{pattern}": part for pattern, part in _TASK_PARTS.items()},
    },
    wordings={
        **EVERY_FILE,
        **_TASK,
        **dict(_below("tasks.*", _TASK)),
        ("tasks", "dict_type"): Wording(
            "field-type", "`tasks` must be a table, but it is {found}", "write `[tasks.diamond]` above the task's keys"
        ),
        ("tasks.*", "model_type"): Wording(
            "field-type", "`{field}` must be a table, but it is {found}", "write `[{field}]` above the task's keys"
        ),
        ("trusted_keys", ANY_ERROR): Wording(
            "field-type", "`{field}` must be a list of public keys, but it is {found}", 'write it as ["ed25519:…"]'
        ),
        ("trusted_keys[]", ANY_ERROR): Wording(
            "trusted-key-form",
            "a trusted key must be `ed25519:` and 32 bytes in base64, but it is {found}",
            "copy the public key, 44 characters with the = at its end; never the private one",
        ),
        ("keys", ANY_ERROR): Wording(
            "field-type", "`{field}` must be a list of tables, but it is {found}", "write `[[keys]]` above each key"
        ),
        ("keys[]", ANY_ERROR): Wording(
            "field-type", "a trusted key must be a table, but it is {found}", "write `[[keys]]` above it"
        ),
        ("keys[].key", ANY_ERROR): Wording(
            "trusted-key-form",
            "a trusted key must be `ed25519:` and 32 bytes in base64, but it is {found}",
            "copy the public key, 44 characters with the = at its end; never the private one",
        ),
        ("keys[].key", MISSING): Wording("field-missing", "a trusted key has no `key`", 'add key = "ed25519:…"'),
        ("keys[].name", ANY_ERROR): Wording("field-type", "`{field}` must be a text, but it is {found}", "quote it"),
        **{
            (f"keys[].{name}", ANY_ERROR): Wording(
                "field-type",
                "`{field}` must be a day of this century in quotes, but it is {found}",
                'write it as "2026-01-31"',
            )
            for name in ("since", "until", "revoked")
        },
    },
    free_keys=frozenset({"tasks", "variants", "tasks.*.variants"}),
    refused={f"{around}settings.seed": SEED for around in ("", "variants.*.", "tasks.*.", "tasks.*.variants.*.")},
)
