"""Put the chart library of the dashboard into `src/evalmark/web/site/static/vendor/`, from npm, at the versions below.

    python -m scripts.vendor_charts

Needs `npm` and a network. Look at the charts (`python -m scripts.site_pictures`) before the new files are committed.
"""

import hashlib
import io
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "src/evalmark/web/site/static/vendor"
PACKAGES = (
    ("vega", "6.4.0", "vega.min.js"),
    ("vega-lite", "6.4.3", "vega-lite.min.js"),
    ("vega-interpreter", "2.3.2", "vega-interpreter.js"),
)
# Browsers find no package by its bare name; what is imported is also in the global that vega.min.js makes.
BARE = "import { ascending, isString, DisallowedObjectProperties } from 'vega-util';"
GLOBAL = "const { ascending, isString, DisallowedObjectProperties } = globalThis.vega;"
ABOUT = """\
# Vendored

[Vega, Vega-Lite and Vega's expression interpreter](https://vega.github.io), BSD-3-Clause (`*.LICENSE`), as npm has
them, but for one line: the interpreter's import of `vega-util` is a look into the global `vega`, because browsers find
no package by its name. The interpreter is what lets charts be drawn without `eval`. This folder is made by
`python -m scripts.vendor_charts`.

| file | package | SHA-256 |
| --- | --- | --- |
"""


def packed(package: str, version: str) -> dict[str, bytes]:
    """The files of a package by their path in it."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", f"{package}@{version}"], cwd=folder, check=True, capture_output=True)
        (path,) = Path(folder).iterdir()
        with tarfile.open(fileobj=io.BytesIO(path.read_bytes())) as archive:
            files = {member.name: archive.extractfile(member) for member in archive if member.isfile()}
            return {name.removeprefix("package/"): file.read() for name, file in files.items() if file}


def main() -> int:
    """Fetch, mend, write, and name what was written."""
    about = ABOUT
    for package, version, name in PACKAGES:
        files = packed(package, version)
        content = files[f"build/{name}"]
        if package == "vega-interpreter":
            text = content.decode()
            if text.count(BARE) != 1:
                print(f"{package} {version} imports otherwise: mend BARE in this script", file=sys.stderr)
                return 1
            content = text.replace(BARE, GLOBAL).encode()
        VENDOR.mkdir(parents=True, exist_ok=True)
        (VENDOR / name).write_bytes(content)
        (VENDOR / f"{package}.LICENSE").write_bytes(files["LICENSE"])
        about += f"| `{name}` | `{package}@{version}` | `{hashlib.sha256(content).hexdigest()}` |\n"
    (VENDOR / "VENDORED.md").write_text(about)
    return 0


if __name__ == "__main__":
    sys.exit(main())
