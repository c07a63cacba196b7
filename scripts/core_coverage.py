"""Every branch of the core is covered, or this exits 1. The core is all but adapters, localhub, web, cli and api."""

import subprocess
import sys
from pathlib import Path

EDGES = {"adapters", "localhub", "web", "cli", "api.py", "__main__.py"}


def core(source: Path) -> list[str]:
    """Patterns of the core's modules, for coverage's `--include`."""
    parts = sorted(path for path in source.iterdir() if path.name not in EDGES and not path.name.startswith("__py"))
    return [
        f"{path.as_posix()}/*" if path.is_dir() else path.as_posix() for path in parts if path.suffix in ("", ".py")
    ]


def main() -> int:
    """Report on the core, whole or not at all."""
    include = ",".join(core(Path("src/evalmark")))
    command = [sys.executable, "-m", "coverage", "report", "--fail-under=100", f"--include={include}"]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
