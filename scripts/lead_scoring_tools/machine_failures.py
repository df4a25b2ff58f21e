"""What engines say where a machine is too small, in the words of this project."""

NO_ROOM = "No space left on device", "File too large", "Disk quota exceeded"
DISK = "[lead_scoring] disk: expected room for what a run writes, found none left."
MEMORY = "[lead_scoring] memory: expected that a run manages with"
THREADS = "or let less run at a time (LEAD_SCORING_THREADS)."
# By engine: what its log then holds, and what is made of it.
FAILURES = {
    "duckdb": {
        NO_ROOM: f"{DISK} Free some, or name a larger disk (LEAD_SCORING_DUCKDB,"
        " LEAD_SCORING_SPILL). The tables published last are as they were, and the next run goes"
        " on from here.",
        ("Out of Memory Error",): f"{MEMORY} LEAD_SCORING_MEMORY and the disk that it spills to,"
        f" found that it does not. Raise LEAD_SCORING_MEMORY, {THREADS} The tables published last"
        " are as they were.",
    },
    "postgres": {
        NO_ROOM: f"{DISK} Free some on the server, which also sorts on disk (temp_tablespaces)."
        " The next run goes on from here.",
        ("out of memory",): f"{MEMORY} the memory of the server, found that it does not. Lower"
        f" work_mem of the role, {THREADS}",
    },
    "spark": {
        NO_ROOM: f"{DISK} Free some in the warehouse, and where driver and workers shuffle"
        " (spark.local.dir). The next run goes on from here.",
        ("OutOfMemoryError",): f"{MEMORY} the memory of driver and executors, found that it does"
        " not. Raise LEAD_SCORING_SPARK_DRIVER_MEMORY, LEAD_SCORING_SPARK_EXECUTOR_MEMORY or"
        f" LEAD_SCORING_SPARK_PARTITIONS, {THREADS}",
    },
}


def machine_problems(log: str, engine: str) -> list[str]:
    """The messages for what a run's log says of disk and memory."""
    failures = FAILURES.get(engine, {})
    return [text for signs, text in failures.items() if any(sign in log for sign in signs)]
