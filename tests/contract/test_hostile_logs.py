"""Logs that were made to harm: each is refused in one clear sentence, in bounded memory, and hurts no other log."""

import json
import stat
import struct
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from evalmark.adapters.inspect_log.container import RefusedLog, look_at
from evalmark.adapters.inspect_log.environment import bare, with_hub
from evalmark.adapters.inspect_log.limits import MIB, LogLimits
from evalmark.adapters.inspect_log.logs import InspectLogs, LogPlaces
from evalmark.logged import Logged, Unreadable

SMALL = LogLimits(
    file_bytes=32 * MIB,
    json_bytes=8 * MIB,
    unpacked_bytes=64 * MIB,
    member_bytes=16 * MIB,
    members=1000,
    memory_bytes=700 * MIB,
    cpu_seconds=20,
    seconds=60,
    result_bytes=4 * MIB,
    logs=40,
)
HEADER = {
    "version": 2,
    "status": "success",
    "eval": {
        "created": "2026-01-01T00:00:00+00:00",
        "task": "sums",
        "dataset": {"samples": 1, "sample_ids": [1]},
        "model": "hf/acme/model",
        "config": {"epochs": 1},
        "scorers": [{"name": "match"}],
    },
}
SAMPLE = {"id": 1, "epoch": 1, "input": "1 + 1?", "target": "2", "scores": {"match": {"value": "C"}}}

Made = Callable[[Path], None]


def text_log(text: str) -> Made:
    def write(path: Path) -> None:
        path.with_suffix(".json").write_text(text)

    return write


def json_log(**changes: object) -> Made:
    return text_log(json.dumps({**HEADER, "samples": [SAMPLE], **changes}))


def spec(**changes: object) -> dict[str, object]:
    return {**HEADER["eval"], **changes}  # type: ignore[dict-item]


def members(files: dict[str, str], compression: int = zipfile.ZIP_DEFLATED) -> Made:
    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w", compression) as archive:
            for name, text in files.items():
                archive.writestr(name, text)

    return write


def good(**more: str) -> dict[str, str]:
    return {"header.json": json.dumps(HEADER), "samples/1_epoch_1.json": json.dumps(SAMPLE), **more}


def link(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("header.json")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")


def patched(offset: int, value: bytes) -> Made:
    """Write over a field of the first entry in the archive's directory."""

    def write(path: Path) -> None:
        members(good())(path)
        data = bytearray(path.read_bytes())
        start = data.index(b"PK\x01\x02") + offset
        data[start : start + len(value)] = value
        path.write_bytes(bytes(data))

    return write


def overlapping(path: Path) -> None:
    members(good())(path)
    data = bytearray(path.read_bytes())
    second = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)
    data[second + 42 : second + 46] = struct.pack("<I", 0)
    path.write_bytes(bytes(data))


def lying(path: Path) -> None:
    """A header of 400 MiB that says it has 5 bytes: its size cannot be believed, so the memory must be limited."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("header.json", "w") as header:
        header.write(json.dumps(HEADER).encode())
        for _ in range(400):
            header.write(b" " * MIB)
    data = bytearray(path.read_bytes())
    start = data.index(b"PK\x01\x02") + 24
    data[start : start + 4] = struct.pack("<I", 5)
    path.write_bytes(bytes(data))


def with_bytes(change: Callable[[bytes], bytes]) -> Made:
    """A good log, of which the bytes are changed."""

    def write(path: Path) -> None:
        members(good())(path)
        path.write_bytes(change(path.read_bytes()))

    return write


CONTAINERS: dict[str, tuple[Made, str]] = {
    "empty": (with_bytes(lambda _: b""), "the file is empty"),
    "not a zip": (with_bytes(lambda _: b"hello, hello, hello, hello"), "an .eval log is a zip archive"),
    "cut off": (with_bytes(lambda data: data[:-40]), "damaged or cut off"),
    "something behind it": (with_bytes(lambda data: data + b"x"), "damaged or cut off"),
    "something before it": (with_bytes(lambda data: b"x" + data), "an .eval log is a zip archive"),
    "bomb": (members(good(x="0" * 15 * MIB)), "over 1000 times its size: a zip bomb"),
    "large file": (members(good(x="0" * 17 * MIB)), "would unpack to 17 MiB, over the limit of 16 MiB"),
    "large sum": (
        members({str(number): "0" * 900_000 for number in range(80)}),
        "would unpack to 68 MiB, over the limit of 64 MiB",
    ),
    "a million samples": (
        members({f"samples/{number}_epoch_1.json": "" for number in range(1001)}),
        "it holds 1001 files, over the limit of 1000",
    ),
    "up the tree": (members(good(**{"samples/../../x.json": "{}"})), "leads out of the archive"),
    "absolute": (members(good(**{"/etc/x.json": "{}"})), "leads out of the archive"),
    "archive in it": (members(good(**{"samples/x.zip": ""})), "it holds another archive"),
    "odd packing": (members(good(), zipfile.ZIP_BZIP2), "packed in a way that Inspect does not write"),
    "link": (link, "a symbolic link"),
    "encrypted": (patched(8, b"\x01\x00"), "it is encrypted"),
    "overlap": (overlapping, "files in it overlap"),
    "directory gone": (patched(0, b"XXXX"), "damaged or cut off"),
}


@pytest.mark.parametrize("name", CONTAINERS)
def test_container__is_refused_before_inspect_sees_it(tmp_path: Path, name: str) -> None:
    make, reason = CONTAINERS[name]
    path = tmp_path / "log.eval"
    make(path)

    with pytest.raises(RefusedLog) as refused:
        look_at(path, SMALL)
    assert reason in refused.value.reason
    assert refused.value.advice


@pytest.mark.parametrize(
    ("text", "reason"), [("[]", "begins with `{`"), ("{" + " " * 9 * MIB, "over the limit of 8 MiB")]
)
def test_container__of_json_that_is_no_log(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "log.json"
    path.write_text(text)

    with pytest.raises(RefusedLog) as refused:
        look_at(path, SMALL)
    assert reason in refused.value.reason


def test_container__of_a_log_passes(tmp_path: Path) -> None:
    path = tmp_path / "log.eval"
    members(good())(path)

    look_at(path, SMALL)


# ── what only Inspect's reader meets ────────────────────────────────────────────────────────

DEEP = '{"a":' * 100_000
CONTENTS: dict[str, tuple[Made, str]] = {
    "not a log": (text_log('{"hello": "world"}'), "not an Inspect log"),
    "not JSON": (text_log("{hello"), "Inspect cannot read it"),
    "deep": (text_log(DEEP), "nested too deeply"),
    "deep in a sample": (members(good(**{"samples/1_epoch_1.json": DEEP})), "MiB of memory"),
    "wrong types": (json_log(samples="none"), "it is not an Inspect log: at samples"),
    "a wrong type in a sample": (json_log(samples=[{**SAMPLE, "epoch": "first"}]), "not an Inspect log"),
    "many epochs": (json_log(eval=spec(config={"epochs": 10**9})), "it has 1000000000 epochs, over the limit of 1000"),
    "no epochs": (json_log(eval=spec(config={"epochs": -1})), "not what an Inspect log holds"),
    "odd reducer": (json_log(eval=spec(config={"epochs_reducer": ["os.system"]})), "no reducer of Inspect's"),
    "a bomb that lies about its size": (lying, "MiB of memory"),
    "no header": (members({"samples/1_epoch_1.json": json.dumps(SAMPLE)}), "Inspect cannot read it"),
    "much memory": (
        text_log(json.dumps({**HEADER, "samples": []}).replace("[]", "[" + ",".join(["{}"] * 2_500_000) + "]")),
        "MiB of memory",
    ),
}
HARMLESS: dict[str, Made] = {
    "good": json_log(),
    "zipped": members(good()),
    "huge strings": json_log(
        samples=[{**SAMPLE, "input": "x" * 3 * MIB, "scores": {"match": {"value": "C" * MIB}}}],
        eval=spec(task="t" * MIB, scorers=[{"name": "match", "options": {"a": "b" * MIB}}]),
    ),
    "NaN and infinity": text_log(
        json.dumps({**HEADER, "samples": [SAMPLE]}).replace('"C"', "NaN").replace('"epochs": 1', '"epochs": null')
    ),
    "a dict for a score": json_log(samples=[{**SAMPLE, "scores": {"match": {"value": {"a": 1}}}}]),
    "a number without end": json_log(samples=[{**SAMPLE, "scores": {"match": {"value": "1e999"}}}]),
    "control characters": json_log(samples=[{**SAMPLE, "id": "a\u001b[31m\u202e\nb", "input": "\u001b]0;x\u0007?"}]),
    "simplecache::s3:": json_log(),
}


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Logged | Unreadable]:
    """All of them in one folder, by name."""
    folder = tmp_path_factory.mktemp("hostile")
    for name, (make, _) in CONTENTS.items():
        make(folder / f"{name}.eval")
    for name, make_one in HARMLESS.items():
        make_one(folder / f"{name}.eval")
    logs = InspectLogs(LogPlaces(folder, lambda _: "http://127.0.0.1:9", {"PATH": "/usr/bin"}, Path, SMALL))
    return {log.file.rpartition(".")[0]: log for log in logs.read(str(folder), ()).logs}


@pytest.mark.slow
@pytest.mark.parametrize("name", CONTENTS)
def test_hostile_log__is_refused_in_a_sentence(read: dict[str, Logged | Unreadable], name: str) -> None:
    log = read[name]

    assert isinstance(log, Unreadable), log
    assert CONTENTS[name][1] in log.reason
    assert len(log.reason) <= 200
    assert log.advice


@pytest.mark.slow
@pytest.mark.parametrize("name", HARMLESS)
def test_odd_log__is_read_and_cut_down(read: dict[str, Logged | Unreadable], name: str) -> None:
    log = read[name]

    assert isinstance(log, Logged), log
    assert len(log.model_dump_json()) < 5000


@pytest.mark.slow
def test_odd_log__scores_that_are_none_are_missing(read: dict[str, Logged | Unreadable]) -> None:
    for name in ("NaN and infinity", "a dict for a score"):
        log = read[name]
        assert isinstance(log, Logged)
        assert [sample.values for sample in log.samples] in ([(None,)], [])
    huge = read["huge strings"]
    assert isinstance(huge, Logged)
    assert (len(huge.task), huge.scorer_args) == (200, None)


@pytest.mark.slow
def test_odd_log__foreign_text_is_made_harmless(read: dict[str, Logged | Unreadable]) -> None:
    log = read["control characters"]

    assert isinstance(log, Logged)
    assert log.samples == () or "\x1b" not in log.samples[0].question


@pytest.mark.slow
@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (replace(SMALL, seconds=0), "more than 0 seconds"),
        (replace(SMALL, result_bytes=300), "takes too much room"),
        (replace(SMALL, file_bytes=100), "over the limit of 0 MiB"),
    ],
)
def test_limits__end_what_takes_too_much(tmp_path: Path, limits: LogLimits, reason: str) -> None:
    json_log()(tmp_path / "log.json")
    logs = InspectLogs(LogPlaces(tmp_path, lambda _: "http://127.0.0.1:9", {"PATH": "/usr/bin"}, Path, limits))

    (log,) = logs.read(str(tmp_path), ()).logs

    assert isinstance(log, Unreadable)
    assert reason in log.reason


@pytest.mark.slow
def test_limits__end_what_computes_too_long(tmp_path: Path) -> None:
    many = [{**SAMPLE, "id": number} for number in range(20_000)]
    ids = [sample["id"] for sample in many]
    dear = spec(config={"epochs": 1000}, dataset={"samples": len(ids), "sample_ids": ids})
    json_log(samples=many, eval=dear)(tmp_path / "log.json")
    limits = replace(SMALL, cpu_seconds=1)
    logs = InspectLogs(LogPlaces(tmp_path, lambda _: "http://127.0.0.1:9", {"PATH": "/usr/bin"}, Path, limits))

    (log,) = logs.read(str(tmp_path), ()).logs

    assert isinstance(log, Unreadable)
    assert "more than 1 seconds of the processor" in log.reason


def test_environment__has_no_secret(tmp_path: Path) -> None:
    parent = {"PATH": "/usr/bin", "HF_TOKEN": "secret", "OPENAI_API_KEY": "secret", "HTTPS_PROXY": "http://me:secret@x"}

    seen = with_hub(bare(parent, tmp_path), "http://127.0.0.1:9", tmp_path)

    assert "secret" not in " ".join(seen.values())
    assert seen["PATH"] == "/usr/bin"
