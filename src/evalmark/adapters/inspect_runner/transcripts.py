"""What was asked and answered in a log of a rerun, for a person to read. Started with a bare environment:

    python -I -m evalmark.adapters.inspect_runner.transcripts LOG…

prints a list of JSON. The text is a model's and a benchmark's: whoever shows it makes it harmless.
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evalmark.authoring.transcript import Transcript
from evalmark.errors import CouldNotFinish

if TYPE_CHECKING:
    from inspect_ai.log import EvalSample

MODULE = "evalmark.adapters.inspect_runner.transcripts"
LONGEST = 4000
SECONDS = 120
NEEDED = ("LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "TMPDIR", "TZ")


def transcripts(logs: Iterable[Path], parent_env: Mapping[str, str], home: Path) -> tuple[Transcript, ...]:
    """The samples of the logs, read by a child. Raises `CouldNotFinish`."""
    environment = {name: parent_env[name] for name in NEEDED if name in parent_env} | {"HOME": str(home)}
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-m", MODULE, *(str(log.resolve()) for log in logs)],
            cwd=home,
            env=environment,
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
        return tuple(Transcript(**each) for each in json.loads(done.stdout))
    except (OSError, ValueError, TypeError, subprocess.SubprocessError) as error:
        raise CouldNotFinish("the log of the trial run cannot be read", "run it again") from error


def main(argv: list[str]) -> int:
    """Print the samples of all logs."""
    from inspect_ai.log import read_eval_log  # noqa: PLC0415 - seconds of import, in the child only

    from evalmark.adapters.inspect_runner.samples import scorer_of  # noqa: PLC0415 - as above

    told = []
    for path in argv[1:]:
        log = read_eval_log(path)
        told += [_told(sample, scorer_of(log)) for sample in log.samples or []]
    print(json.dumps(told))  # noqa: T201 - the answer
    return 0


def _told(sample: "EvalSample", scorer: str) -> dict[str, Any]:
    from evalmark.adapters.inspect_runner.samples import value_of  # noqa: PLC0415 - as above

    asked = [message.text for message in sample.messages if message.role in ("system", "user")]
    target = sample.target if isinstance(sample.target, str) else " | ".join(sample.target)
    cut = "it was cut off: too many tokens" if sample.limit is not None else ""
    return {
        "prompt": "\n\n".join(asked)[:LONGEST],
        "answer": sample.output.completion[:LONGEST],
        "target": target[:LONGEST],
        "score": value_of(sample, scorer),
        "error": (sample.error.message if sample.error else cut)[:LONGEST],
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv))
