"""A store of many synthetic claims, for measuring: made from a seed by DuckDB itself, so it takes seconds.

Boards are of very different sizes: the k-th benchmark has claims in proportion to 1/(k+8). One claim in ten was rerun.
"""

from pathlib import Path

from evalmark.adapters.duck import StoreWriter, writing
from evalmark.adapters.duck.tables import columns
from evalmark.flows.refresh import mend_ranks
from evalmark.record import ClaimRecord

BENCHMARKS = 200

_CLAIMS = """
WITH drawn AS (
    SELECT i, hash(i, 1) AS a, hash(i, 2) AS b, hash(i, 3) AS c, hash(i, 4) AS d FROM range({claims}) t(i)
), put AS (
    SELECT *, a % {models} AS m,
        least({benchmarks} - 1, floor(8 * (pow(1 + {benchmarks} / 8.0, (b % 1000000) / 1000000.0) - 1)))::INT AS k,
        round(20 + (c % 70000) / 1000.0, 2) AS v, d % 10 AS r
    FROM drawn
)
SELECT
    md5('claim ' || i) AS id, 'owner-' || (m % 5000) || '/model-' || m AS model, 'owner-' || (m % 5000) AS owner,
    CASE WHEN m % 4 = 0 THEN 'owner-1/model-1' END AS base_model,
    (1000000 * pow(10, (m % 50) / 10.0))::BIGINT AS parameters,
    'bench-' || (k % 50) || '/board-' || k AS dataset_id, 'task-' || k AS task_id,
    CASE WHEN d % 7 = 0 THEN 'With tools' ELSE '' END AS variant,
    v AS value, v::VARCHAR AS digits, 'percent' AS unit, v AS score,
    CASE WHEN r = 0 THEN v - 2 ELSE v END AS score_low, CASE WHEN r = 0 THEN v + 2 ELSE v END AS score_high,
    CASE WHEN d % 7 = 0 THEN 'With tools' END AS notes,
    CASE WHEN d % 3 = 0 THEN 'https://example.org/log/' || i END AS source_url,
    CASE WHEN d % 3 = 0 THEN 'log ' || i END AS source_name, NULL AS date, NULL AS dataset_revision,
    d % 97 = 0 AS verify_token, 'hub' AS origin, model AS repo, '.eval_results/board-' || k || '.yaml' AS file,
    4 AS line, 0 AS position, md5('commit ' || i) || '00000000' AS "commit",
    md5('head ' || m) || '00000000' AS revision, CASE WHEN d % 11 = 0 THEN 'open' ELSE 'main' END AS state,
    CASE WHEN d % 11 = 0 THEN 1 + i % 50 END AS pull_request, 'person-' || (a % 20000) AS author,
    TIMESTAMP '2026-01-01' + to_minutes((a % 400000)::INT) AS submitted_at,
    TIMESTAMP '2026-01-01' + to_minutes((a % 400000 + d % 9000)::INT) AS changed_at,
    CASE WHEN r < 2 THEN 'sampled' ELSE 'benchmark' END AS rung,
    CASE WHEN r = 0 THEN 4 WHEN r = 1 THEN -1 ELSE 1 END AS strength,
    CASE WHEN r = 0 THEN 'verified' WHEN r = 1 AND d % 5 = 0 THEN 'mismatch' END AS verdict, NULL AS stale,
    CASE WHEN r = 0 THEN v + 0.3 WHEN r = 1 THEN v - 20 END AS measured,
    CASE WHEN r = 0 THEN v - 2 WHEN r = 1 THEN v - 22 END AS low,
    CASE WHEN r = 0 THEN v + 2 WHEN r = 1 THEN v - 18 END AS high,
    CASE WHEN r < 2 THEN 200 END AS samples_used, CASE WHEN r < 2 THEN 1000 END AS samples_total,
    CASE WHEN r < 2 THEN 'prover' END AS verified_by,
    CASE WHEN r < 2 THEN TIMESTAMP '2026-10-01' + to_minutes((d % 50000)::INT) END AS verified_at,
    r = 0 AS identity_proved, FALSE AS hub_verified, TRUE AS hub_shown, 0 AS place, NULL AS rank, FALSE AS tied
FROM put
"""
_TASKS = """
SELECT dataset_id, task_id, 'Board ' || task_id AS name, 'Made up.' AS description, 'percent' AS unit,
    'declared' AS unit_from, FALSE AS lower_is_better, TRUE AS known, md5(dataset_id) || '00000000' AS revision,
    'inspect-ai' AS framework, count(*) AS claims, count(DISTINCT model) AS models,
    count(*) FILTER (verdict = 'verified') AS verified, 0 AS disputed, max(changed_at) AS changed_at
FROM claims GROUP BY dataset_id, task_id
"""
_MODELS = """
SELECT model, owner, 'hub' AS origin, model AS repo, any_value(revision) AS revision, '{{}}' AS heads,
    any_value(base_model) AS base_model, NULL AS base_relation, any_value(parameters) AS parameters, NULL AS weights,
    TIMESTAMP '2026-11-01' AS collected_at, count(*) AS claims, count(*) FILTER (verdict = 'verified') AS verified
FROM claims GROUP BY model, owner
"""
_EVENTS = """
SELECT md5(kind || id) AS id, "at", kind, id AS claim, model, dataset_id, task_id, variant, pull_request, author AS by,
    "commit", old, new, '' AS detail, file, origin, repo, FALSE AS gone
FROM (
    SELECT *, 'submitted' AS kind, submitted_at AS "at", NULL AS old, digits AS new FROM claims
    UNION ALL SELECT *, 'verified', verified_at, digits, measured::VARCHAR FROM claims WHERE verdict = 'verified'
    UNION ALL SELECT *, 'contradicted', verified_at, digits, measured::VARCHAR FROM claims WHERE verdict = 'mismatch'
) ORDER BY dataset_id, task_id, "at"
"""


def make_store(path: Path, claims: int = 1_000_000, models: int = 100_000, benchmarks: int = BENCHMARKS) -> None:
    """Make the store at `path`, ranked as any other."""
    with writing(path) as writer:
        _fill(writer, "claims", _CLAIMS.format(claims=claims, models=models, benchmarks=benchmarks))
        _fill(writer, "tasks", _TASKS)
        _fill(writer, "models", _MODELS.replace("{{", "{").replace("}}", "}"))
        mend_ranks(writer)
        _sort(writer)
        _fill(writer, "events", _EVENTS)
        writer.finish()


def _fill(writer: StoreWriter, table: str, rows: str) -> None:
    writer.connection.execute(f"DELETE FROM {table}")
    writer.connection.execute(f"INSERT INTO {table} BY NAME {rows}")


def _sort(writer: StoreWriter) -> None:
    """As an import leaves them."""
    names = ", ".join(f'"{name}"' for name in columns(ClaimRecord))
    writer.connection.execute("CREATE TEMP TABLE sorted AS SELECT * FROM claims ORDER BY dataset_id, task_id, place")
    writer.connection.execute("DELETE FROM claims")
    writer.connection.execute(f"INSERT INTO claims SELECT {names} FROM sorted")
    writer.connection.execute("DROP TABLE sorted")
