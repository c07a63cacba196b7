"""Make `docs/comment.png`: a comment as GitHub shows it, by GitHub's own Markdown renderer and a real browser.

    python -m scripts.picture evalmark-report/comment.md docs/comment.png

Needs Debian's `chromium` (or the path of a Chromium in the first free argument).
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import cmarkgfm
from cmarkgfm.cmark import Options

PAGE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 16px; width: 1000px; color: #1f2328 }}
body {{ font: 14px/1.5 -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif }}
.box {{ border: 1px solid #d1d9e0; border-radius: 6px; padding: 0 16px 8px; background: #fff }}
h3 {{ font-size: 1.25em; margin: 16px 0 }} sub {{ color: #59636e; font-size: 12px; vertical-align: baseline }}
table {{ border-collapse: collapse; margin: 0 0 16px }} th, td {{ border: 1px solid #d1d9e0; padding: 6px 13px }}
tr:nth-child(2n) {{ background: #f6f8fa }} details {{ margin-bottom: 12px }} summary {{ cursor: pointer }}
code {{ font: 12px ui-monospace, "DejaVu Sans Mono", monospace }}
code {{ background: #818b981f; padding: .2em .4em; border-radius: 6px }}
</style><div class="box">{body}</div>"""


def rendered(markdown: str) -> str:
    """HTML of a comment, with its details open."""
    html = cmarkgfm.github_flavored_markdown_to_html(markdown, options=Options.CMARK_OPT_UNSAFE)
    return PAGE.format(body=html.replace("<details>", "<details open>", 1))


def main(argv: list[str]) -> int:
    """Render `argv[1]` into the picture `argv[2]`."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or (argv[3] if len(argv) > 3 else None)
    if browser is None:
        print("no Chromium found; on Debian: apt-get install chromium", file=sys.stderr)
        return 3
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "comment.html"
        page.write_text(rendered(Path(argv[1]).read_text()))
        flags = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            f"--user-data-dir={folder}/profile",
        ]
        quiet = ["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
        size = ["--window-size=1064,560", f"--screenshot={Path(argv[2]).resolve()}"]
        subprocess.run([browser, *flags, *quiet, *size, page.as_uri()], check=True, capture_output=True, timeout=60)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
