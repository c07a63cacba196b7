"""The environment of a process that reads a stranger's log: built up from nothing, never cut down from ours."""

from collections.abc import Mapping
from pathlib import Path

# What a program needs to start and to trust certificates. No secret has these names.
NEEDED = (
    "CURL_CA_BUNDLE",
    "LANG",
    "LC_ALL",
    "LD_LIBRARY_PATH",
    "PATH",
    "REQUESTS_CA_BUNDLE",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "TMPDIR",
    "TZ",
)


def bare(parent: Mapping[str, str], home: Path) -> dict[str, str]:
    """The names above, and an empty home, so that no token file of the user is found."""
    allowed = {name: parent[name] for name in NEEDED if name in parent}
    return allowed | {"HOME": str(home), "XDG_DATA_HOME": str(home / "data"), "XDG_CACHE_HOME": str(home / "cache")}


def with_hub(environment: Mapping[str, str], endpoint: str, cache: Path) -> dict[str, str]:
    """The same for one that loads a benchmark from the Hub at `endpoint`; `cache` is evalmark's."""
    return {
        **environment,
        "HF_HOME": str(cache),
        "HF_ENDPOINT": endpoint,
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_UPDATE_CHECK": "1",
        "HF_UPDATE_DOWNLOAD_COUNTS": "0",
        "NO_PROXY": "127.0.0.1,localhost",
    }
