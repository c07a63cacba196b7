"""The environment of the process that runs a model: built up from nothing, never cut down from ours."""

from collections.abc import Mapping
from pathlib import Path

# What a program needs to start, to find its hardware and to trust certificates. No secret has these names.
NEEDED = (
    "CUDA_VISIBLE_DEVICES",
    "CURL_CA_BUNDLE",
    "LANG",
    "LC_ALL",
    "LD_LIBRARY_PATH",
    "OMP_NUM_THREADS",
    "OPENBLAS_CORETYPE",
    "OPENBLAS_L2_SIZE",
    "PATH",
    "REQUESTS_CA_BUNDLE",
    "ROCR_VISIBLE_DEVICES",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "TMPDIR",
    "TZ",
)


def child_environment(
    parent: Mapping[str, str], passed: frozenset[str], *, endpoint: str, home: Path, cache: Path
) -> dict[str, str]:
    """What the child sees: the names above, those in `passed` (the model's own key), and our own settings.

    `home` is an empty folder, so that no token file of the user is found; `cache` is evalmark's, kept between runs.
    """
    allowed = {name: parent[name] for name in (*NEEDED, *sorted(passed)) if name in parent}
    return allowed | {
        "HOME": str(home),
        "HF_HOME": str(cache),
        "HF_ENDPOINT": endpoint,
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_UPDATE_CHECK": "1",
        "HF_UPDATE_DOWNLOAD_COUNTS": "0",
        "NO_PROXY": "127.0.0.1,localhost",
        "XDG_CACHE_HOME": str(cache / "xdg"),
        "XDG_DATA_HOME": str(home / "data"),
    }


def key_of(model: str) -> frozenset[str]:
    """The variable that holds the key of a model's provider, by Inspect's naming: `openai-api/acme/m` → `ACME_API_KEY`.

    A Hugging Face token is never passed by itself: it can often write. `--pass-env HF_TOKEN` says so on purpose.
    """
    provider, _, rest = model.partition("/")
    service = rest.partition("/")[0] if provider == "openai-api" else provider
    return frozenset({f"{service.upper().replace('-', '_')}_API_KEY"})
