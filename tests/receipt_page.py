"""The verifier that stands in docs/receipts.md, run as its reader would: with nothing of ours beside it."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

from scripts.regenerate import ROOT

PAGE = (ROOT / "docs/receipts.md").read_text("utf-8")
CODE = re.findall(r"^```python verify_receipt\.py\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
# What cryptography is made of; not all of it everywhere.
NEEDED = ("cryptography", "cffi", "_cffi_backend", "pycparser")
BARE = """
import sys
sys.path.append(sys.argv[1])
import importlib.util, runpy
assert not any(map(importlib.util.find_spec, ("evalmark", "securesystemslib", "rfc8785", "pydantic")))
sys.argv = sys.argv[2:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def lay_out(folder: Path) -> Path:
    """Put the verifier into the folder, and cryptography beside it."""
    (folder / "verify_receipt.py").write_text(CODE[0], "utf-8")
    (folder / "packages").mkdir()
    for name in NEEDED:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.origin is not None:
            place = Path(spec.origin)
            place = place.parent if place.stem == "__init__" else place
            (folder / "packages" / place.name).symlink_to(place)
    return folder


def verify(bare: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run it without this environment's packages."""
    command = [sys.executable, "-I", "-S", "-c", BARE, "packages", "verify_receipt.py", *words]
    return subprocess.run(command, cwd=bare, env={}, capture_output=True, text=True, encoding="utf-8", check=False)
