"""The process that reads logs. Started by `InspectLogs` with a bare environment in an empty folder:

    python -I -m evalmark.adapters.inspect_log.child REQUEST

It reads a request, holds itself to the limits, and writes `result-N.json` for the Nth log (or for the sample set)
as soon as it has it. It ends when its parent does.
"""

import contextlib
import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

from evalmark.adapters.inspect_log.container import RefusedLog, look_at
from evalmark.adapters.inspect_log.limits import LogLimits, allow_cpu, confine


def main(argv: list[str]) -> int:
    """Do the request in `argv[1]`."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    request_file = Path(argv[1])
    request = json.loads(request_file.read_text())
    limits = LogLimits(**request["limits"])
    if "task" in request:
        _write(request_file.parent / "result-0.json", _sample_set(request["task"], request_file.parent))
        return 0
    confine(limits)
    for number, log in enumerate(request["logs"]):
        allow_cpu(limits)
        _write(request_file.parent / f"result-{number}.json", _read(log, request["tasks"], limits))
    return 0


def _end_with_parent() -> None:
    """The parent holds our standard input open as long as it lives."""
    with contextlib.suppress(OSError):
        while os.read(0, 1024):
            pass
    os._exit(1)


def _read(log: dict[str, Any], tasks: list[dict[str, Any]], limits: LogLimits) -> dict[str, Any]:
    try:
        look_at(Path(log["path"]), limits)
        return _numbers(log, tasks, limits)
    except RefusedLog as refused:
        return {"reason": refused.reason, "advice": refused.advice}


def _numbers(log: dict[str, Any], tasks: list[dict[str, Any]], limits: LogLimits) -> dict[str, Any]:
    import asyncio  # noqa: PLC0415 - a file that cannot be a log is refused before seconds of import

    from evalmark.adapters.inspect_log import reading  # noqa: PLC0415 - as above
    from evalmark.logged import Wanted  # noqa: PLC0415 - as above

    wanted = [Wanted.model_validate(task) for task in tasks]
    opened = reading.read(Path(log["path"]), limits)
    try:
        found = asyncio.run(reading.logged(opened, log["name"], log["sha256"], wanted))
        return {"logged": found.model_dump(mode="json")}
    except MemoryError:
        raise reading.too_much_memory(limits) from None
    except RefusedLog:
        raise
    except Exception as error:
        raise RefusedLog(f"what it holds is not what an Inspect log holds: {reading.said(error)}") from error


def _sample_set(task: str, folder: Path) -> dict[str, Any]:
    from evalmark.adapters.inspect_log.reading import said  # noqa: PLC0415 - as above
    from evalmark.adapters.inspect_log.sample_set import keys_of  # noqa: PLC0415 - as above

    try:
        return {"keys": keys_of(task, str(folder / "logs"))}
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent must learn of it
        return {"reason": said(error)}


def _write(file: Path, body: dict[str, Any]) -> None:
    draft = file.with_suffix(".tmp")
    try:
        draft.write_text(json.dumps(body))
    except (OSError, MemoryError):
        draft.unlink(missing_ok=True)
        draft.write_text(json.dumps({"reason": "what it says takes too much room", "advice": "give a smaller log"}))
    draft.replace(file)


if __name__ == "__main__":
    code = main(sys.argv)
    sys.stdout.flush()
    os._exit(code)
