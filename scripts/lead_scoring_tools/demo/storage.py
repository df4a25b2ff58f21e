"""Files: sorting more events than fit in memory, and folders that are whole or not there."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ..errors import UserMistakeError
from .blemishes import RECORD
from .tables import SCHEMAS

ROW_GROUP = 122_880
FILES = (*(f"{name}.parquet" for name in SCHEMAS), "future_conversions.parquet", "truth.json")
# Ids and times hardly repeat, so a dictionary would only cost time.
LOOKED_UP = (
    "event_type",
    "page_path",
    "channel",
    "campaign",
    "content_topic",
    "device",
    "duration_seconds",
    "value",
)


class Buckets:
    """Records on disk, split by their order, so that each part can be sorted in memory."""

    def __init__(self, folder: Path, edges: np.ndarray) -> None:
        folder.mkdir()
        self.edges = edges
        self.paths = [folder / f"{number:04d}.bin" for number in range(len(edges) + 1)]

    def add(self, records: np.ndarray) -> None:
        """Append each record to the file of its bucket."""
        bucket = np.searchsorted(self.edges, records["order"], side="right").astype(np.int16)
        records = records.take(np.argsort(bucket, kind="stable"))
        ends = np.cumsum(np.bincount(bucket, minlength=len(self.paths)))
        start = 0
        for path, end in zip(self.paths, ends, strict=True):
            if end > start:
                with path.open("ab") as file:
                    records[start:end].tofile(file)
            start = end

    def in_order(self) -> Iterator[np.ndarray]:
        """The records of one bucket after the other, sorted; each file goes once it is read."""
        for path in self.paths:
            if not path.exists():
                continue
            records = np.fromfile(path, dtype=RECORD)
            path.unlink()
            yield records.take(np.argsort(records["order"], kind="stable"))


def parquet_writer(path: Path, schema: pa.Schema, **options: object) -> pq.ParquetWriter:
    """A writer of plain, compressed Parquet without Arrow's own schema beside it."""
    times = [field.name for field in schema if pa.types.is_timestamp(field.type)]
    return pq.ParquetWriter(
        path, schema, compression="zstd", store_schema=False, write_statistics=times, **options
    )


@contextmanager
def folder_at_once(target: Path) -> Iterator[Path]:
    """A sibling folder to write into, which takes the place of `target` if all goes well."""
    _refuse_foreign_files(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    working = Path(tempfile.mkdtemp(prefix=f".{target.name}.unfinished-", dir=target.parent))
    try:
        working.chmod(0o755)
        yield working
        old = working.with_name(working.name + ".old")
        with suppress(FileNotFoundError):
            target.rename(old)
        working.rename(target)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(working, ignore_errors=True)


def _refuse_foreign_files(target: Path) -> None:
    """Only an earlier demo may be replaced."""
    if not target.exists():
        return
    if not target.is_dir():
        raise UserMistakeError("--out", "a folder", f"the file {target}", "Choose another name.")
    foreign = sorted(path.name for path in target.iterdir() if path.name not in FILES)
    if foreign:
        raise UserMistakeError(
            "--out",
            "a new folder or one that holds an earlier demo",
            f"{foreign[0]} in {target}",
            "Choose another folder, or empty this one.",
        )
