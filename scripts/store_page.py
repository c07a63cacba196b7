"""docs/store.md: the tables of a store, from the records."""

import dataclasses
import inspect
from collections.abc import Iterator

from evalmark.adapters.duck.parquet import ORDERS, SCHEMA_KEY
from evalmark.adapters.duck.tables import columns
from evalmark.record import TABLES, VERSION, Record

HEAD = """\
# The store

One DuckDB file, made by `evalmark sync` ([boards.md](boards.md)), read by `evalmark leaderboard`, `history`,
`conflicts`, `card`, `site` and `serve`. The tables and their meaning are version VERSION; a store of a newer version is
refused in a sentence. The same tables as Parquet:

```sh
evalmark store export scores/                       # or evalmark sync --push owner/scores: a dataset on the Hub
evalmark store import scores/ --store copy.duckdb   # or: import owner/scores
evalmark store info
```

```python
import pandas

claims = pandas.read_parquet("scores/data/claims.parquet")  # a folder
claims = pandas.read_parquet("hf://datasets/owner/scores/data/claims.parquet")  # or the Hub
```

```sql
SELECT rank, model, digits, verdict FROM 'scores/data/claims.parquet' WHERE dataset_id = 'cais/hle' ORDER BY place;
```

- Each Parquet file has `SCHEMA_KEY: VERSION` in its metadata. The same store always gives the same bytes.
- Import puts an export in the place of all that is in the store, and looks whether the ranks are those of the scores.
- Times are UTC. Text that is called foreign was written by strangers: escape it before it is shown.
- A writer changes a copy, which then takes the store's place: readers see the old content or the new one, also when the
  writer is killed. There is one writer at a time; a second one says so and ends with exit code 3.
"""


def store_page() -> str:
    """The page as Markdown."""
    head = HEAD.replace("VERSION", str(VERSION)).replace("SCHEMA_KEY", SCHEMA_KEY)
    return "\n".join([head, *(_table(table, kind) for table, kind in TABLES.items())])


def _table(table: str, kind: type[Record]) -> str:
    doc = (inspect.getdoc(kind) or "").splitlines()[0]
    order = ORDERS[table].replace('"', "")
    rows = "".join(_rows(kind))
    head = "| column | type | meaning |\n| --- | --- | --- |"
    return f"## {table}\n\n{doc} In Parquet ordered by {order}.\n\n{head}\n{rows}"


def _rows(kind: type[Record]) -> Iterator[str]:
    for each in dataclasses.fields(kind):
        meaning = each.metadata["description"].replace("|", "\\|")
        yield f"| `{each.name}` | {columns(kind)[each.name]} | {meaning} |\n"
