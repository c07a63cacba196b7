"""The store as Parquet in a dataset on the Hub."""

import tempfile
from pathlib import Path

from evalmark.adapters.duck import StoreWriter
from evalmark.adapters.duck.parquet import export_store
from evalmark.adapters.hub import HubDatasets
from evalmark.cli.settings import Settings
from evalmark.errors import UsageProblem


def push(writer: StoreWriter, dataset: str, settings: Settings) -> str:
    """Commit the whole export to the dataset; a line that says what was done. Raises what the Hub's adapter raises."""
    if not settings.token:
        raise UsageProblem("there is no Hub token, so nothing can be pushed", "set HF_TOKEN to a token that may write")
    with tempfile.TemporaryDirectory(prefix="evalmark-push-") as folder:
        counts = export_store(writer.path, Path(folder) / "store")
        commit = HubDatasets(settings.endpoint, settings.token).put(dataset, Path(folder) / "store")
    rows = ", ".join(f"{count} {table}" for table, count in counts.items() if count)
    return f"{dataset} at {commit[:12]}: {rows or 'no rows yet'}"
