"""`make demo`: verify the three claims of examples/model with a real model, and take the expected mismatch as success.

The command is printed first, so that it can be typed by hand; `evalmark verify` itself exits 1 for a mismatch.
"""

import shlex
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOUND = 1
COMMAND = [
    "evalmark",
    "verify",
    "examples/model",
    "--repo=demo/smollm2-135m-instruct",
    "--benchmark=demo/theory-of-mind=examples/benchmark",
    "--benchmark=demo/bug-fixing=examples/agents-benchmark",
    "--model=llamacpp/SmolLM2-135M-Instruct.Q4_1.gguf",
]


def main() -> int:
    """Run the command; 0 if it found the mismatch that is there."""
    print("$", shlex.join(COMMAND), flush=True)
    program = Path(sysconfig.get_path("scripts")) / "evalmark"
    code = subprocess.run([program, *COMMAND[1:], *sys.argv[1:]], cwd=ROOT, check=False).returncode
    if code != FOUND:
        print(f"the demo expects exit code {FOUND}, for the mismatch that it holds, and got {code}", file=sys.stderr)
        return code or FOUND
    print("\nThe comment as it would be posted: evalmark-report/comment.md. The log: evalmark-report/logs.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
