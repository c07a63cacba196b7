"""`make demo`: verify the three claims of examples/model with a real model, take the expected mismatch as success, and
sign the verdicts.

Each command is printed first, so that it can be typed by hand; `evalmark verify` itself exits 1 for a mismatch.
"""

import argparse
import shlex
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOUND = 1
BENCHMARKS = (
    "--benchmark=demo/theory-of-mind=examples/benchmark",
    "--benchmark=demo/bug-fixing=examples/agents-benchmark",
)
REPO = "--repo=demo/smollm2-135m-instruct"
MODEL = "--model=llamacpp/SmolLM2-135M-Instruct.Q4_1.gguf"


def main() -> int:
    """Run the commands; 0 if they found the mismatch that is there, and signed it."""
    parser = argparse.ArgumentParser(description="Verify the example's claims, and sign the verdicts.")
    parser.add_argument("--out", type=Path, default=Path("evalmark-report"), help="folder of the report")
    out: Path = parser.parse_args().out
    code = _run("verify", "examples/model", REPO, *BENCHMARKS, MODEL, f"--out={out}")
    if code != FOUND:
        print(f"the demo expects exit code {FOUND}, for the mismatch that it holds, and got {code}", file=sys.stderr)
        return code or FOUND
    print(f"\nThe comment as it would be posted: {out}/comment.md. The log: {out}/logs.\n")
    return _sign(out) if (ROOT / ".git").exists() else 0


def _sign(out: Path) -> int:
    """Make a receipt of each verdict, and check them: both are valid, and one exits 1 because it tells the mismatch.

    Outside git there is no commit that a receipt could name.
    """
    key = out / "demo-key"
    if not (ROOT / key).exists() and (code := _run("receipt", "keygen", f"--out={key}")):
        return code
    made = _run("receipt", "make", "examples/model", REPO, *BENCHMARKS, f"--report={out}", f"--key={key}", "--by=demo")
    receipts = [str(out / "receipts" / each.name) for each in sorted((ROOT / out / "receipts").glob("*.json"))]
    codes = [_run("receipt", "verify", each, f"--keys={key}.pub") for each in receipts]
    return made or max((code for code in codes if code != FOUND), default=FOUND)


def _run(*words: str) -> int:
    print("$", shlex.join(["evalmark", *words]), flush=True)
    program = Path(sysconfig.get_path("scripts")) / "evalmark"
    return subprocess.run([program, *words], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
