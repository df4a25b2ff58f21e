"""What a run on Spark needs of this machine and of the cluster, asked before it starts."""

import fcntl
import importlib.metadata
import importlib.util
import os
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .errors import UserMistakeError
from .spark_settings import session_settings

VARIABLES = "LEAD_SCORING_SPARK_"
OLDEST_JAVA = 17
OLDEST_SPARK = 4
INSTALL = "Run make .venv/.spark."
MASTERS = "local[*], spark://host:port, yarn or k8s://…"
METASTORE = re.compile("databaseName=(.*);create=true")


def refuse_unfit_spark(settings: Mapping[str, Any]) -> None:
    """Refuse what a session can't start with: each in one sentence, and Java in none of them."""
    if not settings.get("raw_schema"):
        raise UserMistakeError(
            "var raw_schema",
            "the schema that holds the raw tables",
            "nothing",
            "Pass --vars '{raw_schema: my_schema}'; only DuckDB reads files.",
        )
    refuse_unfit_pyspark()
    refuse_unfit_java()
    options = session_settings()
    refuse_unreachable_master(options["spark.master"])
    _refuse_unwritable(options["spark.sql.warehouse.dir"], "WAREHOUSE")
    if services := options["spark.hadoop.hive.metastore.uris"]:
        _refuse_unreachable_metastore(services)
    else:
        _refuse_unfit_metastore(options["spark.hadoop.javax.jdo.option.ConnectionURL"])


def refuse_unfit_pyspark() -> None:
    """PySpark and dbt's adapter are there, and new enough; so is another Spark that is named."""
    for package in ("pyspark", "dbt-spark"):
        try:
            version = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError as problem:
            raise UserMistakeError(package, "to be installed", "none", INSTALL) from problem
        if package == "pyspark" and _major(version) < OLDEST_SPARK:
            raise UserMistakeError(package, f"version {OLDEST_SPARK} or newer", version, INSTALL)
    if home := os.environ.get("SPARK_HOME"):
        found = [path.stem.split("-")[-1] for path in Path(home).glob("jars/spark-core_*.jar")]
        expected = importlib.metadata.version("pyspark")
        if found != [expected]:
            raise UserMistakeError(
                f"SPARK_HOME={home}",
                f"Spark {expected}, as the installed pyspark is",
                ", ".join(found) or "none there",
                "Unset SPARK_HOME, or name a folder with that version.",
            )


def refuse_unfit_java() -> None:
    """Spark starts Java, the one of JAVA_HOME if that is set."""
    remedy = f"Install version {OLDEST_JAVA} or newer, such as with apt-get install"
    remedy += f" openjdk-{OLDEST_JAVA}-jre-headless, or let JAVA_HOME name one."
    expected = f"version {OLDEST_JAVA} or newer"
    home = os.environ.get("JAVA_HOME")
    program = shutil.which(Path(home) / "bin" / "java" if home else "java")
    where = f"JAVA_HOME={home}" if home else "Java"
    if program is None:
        raise UserMistakeError(where, expected, "none", remedy)
    shown = subprocess.run(
        [program, "-version"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    version = re.search(r'version "(?:1\.)?(\d+)[^"]*"', shown.stderr + shown.stdout)
    if version is None:
        raise UserMistakeError(where, expected, f"that {program} does not say its own", remedy)
    if int(version[1]) < OLDEST_JAVA:
        raise UserMistakeError(where, expected, version[0].removeprefix("version "), remedy)


def refuse_unreachable_master(master: str) -> None:
    """A master of this machine is always there, one of a standalone cluster must answer."""
    where = f"{VARIABLES}MASTER"
    if re.fullmatch(r"local(\[[\d*, ]+\])?|local-cluster\[.+\]|yarn|k8s://.+", master):
        return
    addresses = re.fullmatch(r"spark://(.+:\d+(?:,.+:\d+)*)", master)
    if addresses is None:
        raise UserMistakeError(where, MASTERS, repr(master), "Correct it.")
    problems = [_connection_problem(address) for address in addresses[1].split(",")]
    if all(problems):
        raise UserMistakeError(
            where,
            f"a master that answers at {master}",
            problems[0],
            f"Start it, or correct {where}.",
        )


def _connection_problem(address: str) -> str | None:
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=10).close()
    except (OSError, OverflowError) as problem:
        return str(problem)
    return None


def _refuse_unwritable(location: str, variable: str) -> None:
    """Folders of this machine; of others the cluster knows."""
    if (scheme := re.match("([a-z0-9]+):", location)) and scheme[1] != "file":
        return
    folder = Path(re.sub("^file:/*", "/", location))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as problem:
        raise UserMistakeError(
            VARIABLES + variable,
            f"a folder that may be written to ({folder})",
            problem.strerror,
            "Name another one, or correct its rights.",
        ) from problem


def _refuse_unreachable_metastore(services: str) -> None:
    """One of the services that are named must answer."""
    where = f"{VARIABLES}METASTORE"
    addresses = re.fullmatch(r"thrift://(.+:\d+)", services)
    if addresses is None:
        raise UserMistakeError(
            where, "a folder or thrift://host:port", repr(services), "Correct it."
        )
    named = re.split(",(?:thrift://)?", addresses[1])
    problems = [_connection_problem(address) for address in named]
    if all(problems):
        raise UserMistakeError(
            where,
            f"a metastore that answers at {services}",
            problems[0],
            f"Start it, or correct {where}.",
        )


def _refuse_unfit_metastore(url: str) -> None:
    """A metastore in a folder is open to one process at a time."""
    named = METASTORE.search(url)
    assert named
    folder = Path(named[1])
    _refuse_unwritable(str(folder.parent), "METASTORE")
    try:
        with (folder / "dbex.lck").open("r+b") as lock:
            fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return
    except OSError as problem:
        raise UserMistakeError(
            VARIABLES + "METASTORE",
            f"a metastore that no other process has open ({folder})",
            problem.strerror,
            "Wait until the other run ends, or start a metastore's service and name it:"
            f" {VARIABLES}METASTORE=thrift://host:9083",
        ) from problem


def _major(version: str) -> int:
    digits = re.match(r"\d+", version)
    return int(digits[0]) if digits else 0
