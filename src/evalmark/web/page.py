"""The public page: what the bot is, for whoever finds its address."""

from collections.abc import Iterable
from html import escape
from typing import Final

from evalmark import __version__

DOCS: Final = "https://github.com/evalmark/evalmark/blob/main/docs/hub.md"
BESIDE_STORE: Final = "/bot"
"""Where it is if the dashboard has `/`."""
_PAGE: Final = """\
<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>evalmark</title></head>
<body>
<h1>evalmark</h1>
<p>A bot that proves reported scores. When a pull request on the Hub adds or changes a score in
<code>.eval_results/*.yaml</code>, it reruns the benchmark and answers in one comment: verified, mismatch or
inconclusive, with the measured score, its interval and the difference.</p>
<h2>Where it answers</h2>
{repos}
<h2>Benchmarks that it runs</h2>
{benchmarks}
<h2>Commands</h2>
<p>In a comment of its own, by whoever owns the model: <code>/verify</code> runs again, <code>/explain</code> says why a
verdict is what it is.</p>
<p><a href="{docs}">How it works</a> · evalmark {version} ·
<a href="healthz">health</a> · <a href="metrics">metrics</a></p>
</body>
</html>
"""


def page(watched: Iterable[str], benchmarks: Iterable[str]) -> str:
    """The page as HTML."""
    return _PAGE.format(
        repos=_list(watched, "On every model whose webhook calls it."),
        benchmarks=_list(benchmarks, "None."),
        docs=escape(DOCS),
        version=escape(__version__),
    )


def _list(names: Iterable[str], without: str) -> str:
    items = "".join(f"<li><code>{escape(name)}</code></li>" for name in sorted(names))
    return f"<ul>{items}</ul>" if items else f"<p>{without}</p>"
