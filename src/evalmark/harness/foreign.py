"""What stands in foreign JSON: each function gives a value of its kind, or none if something else stands there."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import islice

from pydantic import JsonValue

from evalmark.harness.reader import NotReadable
from evalmark.harness.result import DatasetUsed, Metric, Result
from evalmark.harness.units import unit_of

LONGEST_TEXT = 300
MOST_ITEMS = 1000
MOST_METRICS = 200
MOST_ENTRIES = 2000
MOST_SAMPLES = 10**9
# Moments outside of these are no times of an evaluation; in seconds since 1970.
EARLIEST, LATEST = 946_684_800, 4_102_444_800
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T.*)?", re.ASCII)
_COMMIT = re.compile(r"[0-9a-f]{40}")
_DATASET = re.compile(r"[A-Za-z0-9][\w.-]{0,95}(/[A-Za-z0-9][\w.-]{0,95})?", re.ASCII)
# Names by which the library `datasets` loads files that are in no repo, and names of scripts.
_LOADERS = frozenset(
    {
        "arrow",
        "audiofolder",
        "csv",
        "generator",
        "imagefolder",
        "json",
        "pandas",
        "parquet",
        "sql",
        "text",
        "webdataset",
    }
)


def mapping(value: JsonValue) -> Mapping[str, JsonValue]:
    """An object; an empty one if it is none."""
    return value if isinstance(value, dict) else {}


def entries(value: JsonValue) -> Iterable[tuple[str, JsonValue]]:
    """What an object has by name. Raises `NotReadable` if that is more than any run has."""
    found = mapping(value)
    if len(found) > MOST_ENTRIES:
        raise NotReadable(f"it lists over {MOST_ENTRIES} things")
    return found.items()


def items(value: JsonValue, most: int = MOST_ITEMS) -> Sequence[JsonValue]:
    """A list, no longer than is sensible; an empty one if it is none."""
    return value[:most] if isinstance(value, list) else ()


def text(value: JsonValue) -> str | None:
    """A text of one line that can be shown."""
    fits = isinstance(value, str) and 0 < len(value) <= LONGEST_TEXT and value.isprintable() and value.strip()
    return str(value) if fits else None


def number(value: JsonValue) -> float | None:
    """A finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        converted = float(value)
    except OverflowError:
        return None
    return converted if math.isfinite(converted) else None


def count(value: JsonValue) -> int | None:
    """A whole number of things, zero or more; some harnesses write it as `20.0`."""
    found = number(value)
    return int(found) if found is not None and found == int(found) and 0 <= found <= MOST_SAMPLES else None


def commit(value: JsonValue) -> str | None:
    """A git commit of 40 hexadecimal digits."""
    return value if isinstance(value, str) and _COMMIT.fullmatch(value) else None


def moment(value: JsonValue) -> str | None:
    """A time in seconds since 1970, as ISO 8601."""
    seconds = number(value)
    if seconds is None or not EARLIEST <= seconds < LATEST:
        return None
    return datetime.fromtimestamp(int(seconds), UTC).isoformat().replace("+00:00", "Z")


def iso(value: JsonValue) -> str | None:
    """A day, or a time of a day, that is in ISO 8601 already."""
    told = text(value)
    if told is None or not _DAY.fullmatch(told):
        return None
    try:
        date.fromisoformat(told[:10])
    except ValueError:
        return None
    return told


def dataset_id(value: JsonValue) -> str | None:
    """A dataset's name on the Hub; none for files of this machine."""
    name = text(value)
    on_hub = name is not None and _DATASET.fullmatch(name) and name not in _LOADERS and not name.endswith(".py")
    return name if on_hub else None


def metrics_in(values: Mapping[str, JsonValue], lower: Iterable[str] = ()) -> tuple[Metric, ...]:
    """The metrics of an object such as `{"acc,none": 0.5, "acc_stderr,none": 0.1}`. `lower` names those to keep low."""
    found = []
    for key, value in islice(values.items(), MOST_METRICS):
        base, comma, kind = key.partition(",")
        name, score = text(key), number(value)
        if name is None or score is None or base.endswith("_stderr"):
            continue
        found.append(
            Metric(
                name=name,
                value=score,
                unit=unit_of(base, score),
                lower_is_better=base in lower,
                stderr=number(values.get(f"{base}_stderr{comma}{kind}")),
            )
        )
    return tuple(found)


def shared_dataset(used: Sequence[DatasetUsed]) -> DatasetUsed:
    """What several tasks' datasets have in common."""
    told = [each.model_dump() for each in used]
    fields = told[0] if told else {}
    return DatasetUsed(**{name: value for name, value in fields.items() if all(each[name] == value for each in told)})


def some(results: Iterable[Result]) -> tuple[Result, ...]:
    """The results of a file. Raises `NotReadable` if there are none, or more than anybody can look through."""
    found = tuple(islice(results, MOST_ITEMS + 1))
    if not found:
        raise NotReadable("it holds no score")
    if len(found) > MOST_ITEMS:
        raise NotReadable(f"it holds over {MOST_ITEMS} results")
    return found


def asked(task: str, shots: int | None, *, system: JsonValue = None) -> tuple[str, ...]:
    """What tells a set-up from the usual one: examples, thoughts asked for by the task's name, a system prompt."""
    words = (
        f"{shots}-shot" if shots else None,
        "chain-of-thought" if "cot" in re.split(r"[^a-z0-9]+", task.casefold()) else None,
        "With system prompt" if isinstance(system, str) and system.strip() else None,
    )
    return tuple(word for word in words if word)


def cut_short(samples: int | None, planned: int | None, limit: JsonValue) -> tuple[str, ...]:
    """The fault of a run over less than the whole split, as far as is known."""
    if samples is not None and planned is not None:
        return (f"{samples} of {planned} samples",) if samples < planned else ()
    most = number(limit)
    return () if most is None else (f"a limit of {most:g} samples",)
