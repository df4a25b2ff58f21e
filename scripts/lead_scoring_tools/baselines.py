"""What people do instead of a pipeline: one decayed sum of points per lead, written by hand.

    python -m lead_scoring_tools.baselines query_duckdb data/demo/raw_events.parquet 2026-01-31 0 2

The arguments: which of the functions, the events, the date, the most events to read (only the loop
in Python heeds it), and threads. Prints the number of leads. No duplicates are found, no limits
kept, nothing is explained.
"""

import os
import sys
from datetime import date

WEIGHTS = {"page_view": 1, "pricing_view": 8, "email_click": 4, "email_open": 1, "demo_request": 32}
HALF_LIFE = 14


def count_events(events: str, as_of: date, most: int, threads: int) -> int:
    """The floor: read the file and count by lead."""
    import duckdb

    duckdb.execute(f"set threads = {threads}")
    query = "select lead_id, count(*) from read_parquet(?) group by lead_id"
    return len(duckdb.execute(query, [events]).fetchall())


def query_duckdb(events: str, as_of: date, most: int, threads: int) -> int:
    """One query."""
    import duckdb

    duckdb.execute(f"set threads = {threads}")
    weights = ", ".join(f"('{name}', {points})" for name, points in WEIGHTS.items())
    row = duckdb.execute(
        f"""
        select count(*), sum(score) from (
            select
                lead_id,
                sum(points * power(0.5, date_diff('day', occurred_at, $as_of) / {HALF_LIFE}.0))
                    as score
            from read_parquet($events)
            inner join (values {weights}) as weights(event_type, points) using (event_type)
            where occurred_at < $as_of + 1
            group by lead_id
        )
        """,
        {"events": events, "as_of": as_of},
    ).fetchone()
    return row[0] if row else 0


def query_polars(events: str, as_of: date, most: int, threads: int) -> int:
    """The same in Polars, streaming."""
    os.environ["POLARS_MAX_THREADS"] = str(threads)
    import polars

    weights = polars.LazyFrame(
        {"event_type": list(WEIGHTS), "points": [float(points) for points in WEIGHTS.values()]}
    )
    age = (polars.lit(as_of) - polars.col("occurred_at").dt.date()).dt.total_days()
    return (
        polars.scan_parquet(events)
        .select("lead_id", "event_type", "occurred_at")
        .filter(polars.col("occurred_at").dt.date() <= as_of)
        .join(weights, on="event_type")
        .with_columns(score=polars.col("points") * 0.5 ** (age / HALF_LIFE))
        .group_by("lead_id")
        .agg(polars.col("score").sum())
        .collect(engine="streaming")
        .height
    )


def query_pandas(events: str, as_of: date, most: int, threads: int) -> int:
    """The same in pandas, in memory."""
    import pandas

    frame = pandas.read_parquet(events, columns=["lead_id", "event_type", "occurred_at"])
    day = pandas.Timestamp(as_of)
    frame = frame[frame.occurred_at < day + pandas.Timedelta(days=1)]
    frame = frame.assign(points=frame.event_type.map(WEIGHTS)).dropna(subset=["points"])
    ages = (day - frame.occurred_at.dt.normalize()).dt.days
    scores = (frame.points * 0.5 ** (ages / HALF_LIFE)).groupby(frame.lead_id, dropna=False).sum()
    return len(scores)


def loop_in_python(events: str, as_of: date, most: int, threads: int) -> int:
    """The naive loop, event by event."""
    import duckdb

    scores: dict[str | None, float] = {}
    rows = duckdb.execute(
        f"select lead_id, event_type, occurred_at from read_parquet(?) limit {int(most)}", [events]
    )
    while batch := rows.fetchmany(10_000):
        for lead_id, event_type, occurred_at in batch:
            if event_type in WEIGHTS and occurred_at is not None and occurred_at.date() <= as_of:
                age = (as_of - occurred_at.date()).days
                points = WEIGHTS[event_type] * 0.5 ** (age / HALF_LIFE)
                scores[lead_id] = scores.get(lead_id, 0.0) + points
    return len(scores)


BASELINES = {
    function.__name__: function
    for function in (count_events, query_duckdb, query_polars, query_pandas, loop_in_python)
}

if __name__ == "__main__":
    name, path, day, most_events, cores = sys.argv[1:]
    print(BASELINES[name](path, date.fromisoformat(day), int(most_events), int(cores)))
