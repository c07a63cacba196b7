"""The store: one DuckDB file, read by many, written by one, and exchanged as Parquet."""

from evalmark.adapters.duck.reading import DuckRecords
from evalmark.adapters.duck.writing import StoreWriter, writing

__all__ = ["DuckRecords", "StoreWriter", "writing"]
