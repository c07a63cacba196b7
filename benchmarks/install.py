"""What a hook framework builds: the base install of evalmark against check-jsonschema's, in one run on one machine.

    python -m benchmarks.install

Prints packages, megabytes and the ratio of the seconds. Goals: at most twelve packages, no compiler. Both are installed
from wheels into an empty environment, the second time with the cache of the first, so that the network counts for
neither; the build of our own wheel, which a hook framework does as well, is told apart.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

OURS = str(Path(__file__).parent.parent)
THEIRS = "check-jsonschema==0.39.0"
# Only wheels: a source distribution could need a compiler.
PIP = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:")
MOST_PACKAGES = 12
RUNS = 2


def installed(requirement: str, folder: Path) -> tuple[float, int, float]:
    """Seconds of the install alone, packages beside pip, megabytes beside pip."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python, site = folder / "bin/python", next(folder.glob("lib/*/site-packages"))
    before = size(site)
    started = time.perf_counter()
    subprocess.run([str(python), *PIP, requirement], check=True)
    seconds = time.perf_counter() - started
    packages = [info.name for info in site.glob("*.dist-info") if not info.name.startswith(("pip-", "setuptools-"))]
    return seconds, len(packages), (size(site) - before) / 1e6


def size(folder: Path) -> int:
    """Bytes of all files below."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def built(folder: Path) -> tuple[float, Path]:
    """Seconds of the build of our wheel, and the wheel."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), OURS]
    subprocess.run(command, check=True)
    return time.perf_counter() - started, next(folder.glob("evalmark-*.whl"))


def main() -> int:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as scratch:
        best = {}
        build, wheel = built(Path(scratch))
        for name, requirement in (("evalmark", str(wheel)), ("check-jsonschema", THEIRS)):
            runs = []
            for run in range(RUNS):
                folder = Path(scratch) / f"{name}-{run}"
                runs.append(installed(requirement, folder))
                shutil.rmtree(folder)
            best[name] = min(runs)
    (ours, packages, megabytes), (theirs, their_packages, their_megabytes) = best["evalmark"], best["check-jsonschema"]
    print(f"packages:  {packages} (goal: at most {MOST_PACKAGES}); check-jsonschema has {their_packages}")
    print(f"megabytes: {megabytes:.1f}; check-jsonschema has {their_megabytes:.1f}")
    print(f"seconds:   {ours / theirs:.2f} of check-jsonschema's ({ours:.1f} and {theirs:.1f} here)")
    print(f"           and {build:.1f} to build our wheel, which a hook framework does once for a version")
    return 0 if packages <= MOST_PACKAGES else 1


if __name__ == "__main__":
    sys.exit(main())
