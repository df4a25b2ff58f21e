"""What a person sees whose Java, PySpark, cluster or folders are not as they should be."""

import fcntl
import importlib.metadata
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from engines import need_spark
from lead_scoring_tools import spark_checks, spark_cluster
from lead_scoring_tools.errors import UserMistakeError
from lead_scoring_tools.spark_cluster import NoSparkError, SparkCluster, running_cluster
from lead_scoring_tools.spark_settings import profile, session_settings
from lead_scoring_tools.templates import Templates
from pipeline import PROJECT

RUN = {"raw_schema": "raw"}
START = """
import sys
from lead_scoring_tools.spark_cluster import running_cluster
with running_cluster(workers=1) as cluster:
    print(cluster.home, flush=True)
    sys.stdin.read()
"""
USE = """
from lead_scoring_tools.spark_settings import session_settings
from pyspark.sql import SparkSession
builder = SparkSession.builder.enableHiveSupport()
for name, value in session_settings().items():
    builder = builder.config(name, value)
session = builder.getOrCreate()
session.sql("create schema kept").collect()
session.sql("create table kept.numbers using parquet as select id from range(10)").collect()
print(session.sparkContext.master, session.sql("select current_timezone()").first()[0])
print(session.sql("select sum(id) from kept.numbers").first()[0])
"""
LOAD = """
from pathlib import Path
from lead_scoring_tools.spark_session import load_files, spark_session
from pyspark.sql.readwriter import DataFrameReader
read = DataFrameReader.parquet
DataFrameReader.parquet = lambda self, path: print(path) or read(self, path)
with spark_session() as session:
    print(load_files(session, Path("raw"), "loaded"))
"""


@pytest.fixture
def fit(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[pytest.MonkeyPatch]:
    """A machine on which a run may start, whether or not Spark is installed."""
    java(tmp_path, '17.0.15" 2025-04-15', monkeypatch)
    versions = {"pyspark": "4.3.0", "dbt-spark": "1.11.0"}
    monkeypatch.setattr(importlib.metadata, "version", versions.__getitem__)
    monkeypatch.delenv("SPARK_HOME", raising=False)
    for name in [name for name in os.environ if name.startswith(spark_checks.VARIABLES)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("LEAD_SCORING_SPARK_WAREHOUSE", str(tmp_path / "warehouse"))
    monkeypatch.setenv("LEAD_SCORING_SPARK_METASTORE", str(tmp_path / "metastore"))
    yield monkeypatch


def java(folder: Path, version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Java that says it is of some version."""
    program = folder / "bin" / "java"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}' >&2\n")
    program.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(folder))


def refused() -> str:
    with pytest.raises(UserMistakeError) as problem:
        spark_checks.refuse_unfit_spark(RUN)
    (line,) = str(problem.value).splitlines()
    assert line.startswith("[lead_scoring] ")
    return line


def test_a_machine_that_is_fit(fit: pytest.MonkeyPatch, tmp_path: Path) -> None:
    spark_checks.refuse_unfit_spark(RUN)
    assert (tmp_path / "warehouse").is_dir()


@pytest.mark.usefixtures("fit")
def test_no_schema_of_raw_tables() -> None:
    with pytest.raises(UserMistakeError, match="var raw_schema: expected the schema that holds"):
        spark_checks.refuse_unfit_spark({})


def test_java_that_is_missing(fit: pytest.MonkeyPatch) -> None:
    fit.delenv("JAVA_HOME")
    fit.setenv("PATH", "/nowhere")
    assert refused() == (
        "[lead_scoring] Java: expected version 17 or newer, found none. Install version 17 or"
        " newer, such as with apt-get install openjdk-17-jre-headless, or let JAVA_HOME name one."
    )
    fit.setenv("JAVA_HOME", "/nowhere")
    assert "JAVA_HOME=/nowhere: expected version 17 or newer, found none" in refused()


@pytest.mark.parametrize("version", ['1.8.0_442"', '11.0.27" 2025-04-15'])
def test_java_that_is_too_old(fit: pytest.MonkeyPatch, tmp_path: Path, version: str) -> None:
    java(tmp_path, version, fit)
    assert f'expected version 17 or newer, found "{version.split()[0]}.' in refused()


@pytest.mark.parametrize("version", ['21"', '26-ea" 2026-03-17', '17.0.15" 2025-04-15'])
def test_java_that_is_new_enough(fit: pytest.MonkeyPatch, tmp_path: Path, version: str) -> None:
    java(tmp_path, version, fit)
    assert spark_checks.refuse_unfit_java() is None


@pytest.mark.parametrize("package", ["pyspark", "dbt-spark"])
def test_packages_that_are_missing(fit: pytest.MonkeyPatch, package: str) -> None:
    def version(name: str) -> str:
        if name == package:
            raise importlib.metadata.PackageNotFoundError(name)
        return "4.3.0"

    fit.setattr(importlib.metadata, "version", version)
    assert refused() == (
        f"[lead_scoring] {package}: expected to be installed, found none. Run make .venv/.spark."
    )


def test_spark_that_is_too_old(fit: pytest.MonkeyPatch) -> None:
    fit.setattr(importlib.metadata, "version", lambda name: "3.5.7")
    assert "pyspark: expected version 4 or newer, found 3.5.7. Run make .venv/.spark." in refused()


@pytest.mark.parametrize(
    ("version", "problem"),
    [
        ("4.3.0 9a99ecb03a2d35f5f38decd686b55511a5c7c535", None),
        (
            "3.5.7 ed00d046951a7ecda6429accd3b9c5b2dc792b65",
            "[lead_scoring] Spark: expected version 4 or newer, found 3.5.7. Upgrade the cluster,"
            " or run make .venv/.spark.",
        ),
    ],
)
def test_dbt_refuses_a_spark_that_is_too_old(version: str, problem: str | None) -> None:
    templates = Templates({})
    templates.environment.globals["run_query"] = lambda _: SimpleNamespace(rows=[[version]])
    assert templates.macro("spark__engine_problem")() == problem


def test_another_spark_than_the_installed_one(fit: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fit.setenv("SPARK_HOME", str(tmp_path))
    assert "expected Spark 4.3.0, as the installed pyspark is, found none there." in refused()
    (tmp_path / "jars").mkdir()
    (tmp_path / "jars" / "spark-core_2.13-3.5.7.jar").touch()
    assert "expected Spark 4.3.0, as the installed pyspark is, found 3.5.7." in refused()


@pytest.mark.parametrize(
    ("master", "found"),
    [
        ("spark://127.0.0.1:1", "answers at spark://127.0.0.1:1, found [Errno 111] Connection"),
        ("spark://127.0.0.1:99999", "found "),
        ("spark://127.0.0.1", "found 'spark://127.0.0.1'. Correct it."),
        ("local[x]", "expected local[*], spark://host:port, yarn or k8s://…, found 'local[x]'."),
    ],
)
def test_a_master_that_does_not_answer(fit: pytest.MonkeyPatch, master: str, found: str) -> None:
    fit.setenv("LEAD_SCORING_SPARK_MASTER", master)
    assert found in refused()


@pytest.mark.parametrize("master", ["local", "local[2]", "local[*]", "local[2, 4]", "yarn"])
def test_masters_that_need_no_answer(fit: pytest.MonkeyPatch, master: str) -> None:
    assert spark_checks.refuse_unreachable_master(master) is None


def test_one_master_of_several_is_enough() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        master = f"spark://127.0.0.1:1,127.0.0.1:{port}"
        assert spark_checks.refuse_unreachable_master(master) is None


@pytest.mark.parametrize("name", ["WAREHOUSE", "METASTORE"])
def test_folders_that_can_not_be_written(
    fit: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    (tmp_path / "file").touch()
    fit.setenv(f"LEAD_SCORING_SPARK_{name}", str(tmp_path / "file" / "x" / "y"))
    line = refused()
    assert f"LEAD_SCORING_SPARK_{name}: expected a folder that may be written to (" in line
    assert "found Not a directory. Name another one, or correct its rights." in line


def test_a_warehouse_elsewhere_is_for_the_cluster_to_reach(
    fit: pytest.MonkeyPatch, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    fit.setenv("LEAD_SCORING_SPARK_WAREHOUSE", "s3a://bucket/warehouse")
    with socket.create_server(("127.0.0.1", 0)) as server:
        metastore = f"thrift://127.0.0.1:1,thrift://127.0.0.1:{server.getsockname()[1]}"
        fit.setenv("LEAD_SCORING_SPARK_METASTORE", metastore)
        before = sorted(tmp_path.iterdir())
        spark_checks.refuse_unfit_spark(RUN)
        assert sorted(tmp_path.iterdir()) == before
    assert session_settings()["spark.hadoop.hive.metastore.uris"] == metastore


@pytest.mark.parametrize(
    ("metastore", "found"),
    [
        (
            "thrift://127.0.0.1:1",
            "METASTORE: expected a metastore that answers at thrift://127.0.0.1:1, found [Errno",
        ),
        ("thrift://127.0.0.1", "found 'thrift://127.0.0.1'. Correct it."),
    ],
)
def test_a_metastore_that_does_not_answer(
    fit: pytest.MonkeyPatch, metastore: str, found: str
) -> None:
    fit.setenv("LEAD_SCORING_SPARK_METASTORE", metastore)
    assert found in refused()


def test_a_metastore_that_another_run_has_open(fit: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Java locks this file as POSIX does, so another process must ask."""
    (tmp_path / "metastore").mkdir()
    with (tmp_path / "metastore" / "dbex.lck").open("wb") as lock:
        fcntl.lockf(lock, fcntl.LOCK_EX)
        asking = "from lead_scoring_tools import spark_checks as checks\n"
        asking += "checks._refuse_unfit_metastore('jdbc:derby:;databaseName=metastore;create=true')"
        done = python(asking, cwd=tmp_path)
    assert "METASTORE: expected a metastore that no other process has open (metastore)" in (
        done.stderr
    )
    assert python(asking, cwd=tmp_path).returncode == 0


def test_the_profile_has_the_settings_of_the_environment(fit: pytest.MonkeyPatch) -> None:
    fit.setenv("LEAD_SCORING_SPARK_MASTER", "local[3]")
    fit.setenv("LEAD_SCORING_SPARK_SCHEMA", "elsewhere")
    assert profile()["schema"] == "elsewhere"
    settings = session_settings()
    assert settings["spark.master"] == "local[3]"
    assert settings["spark.sql.session.timeZone"] == "UTC"


def test_make_score_says_it_in_one_line() -> None:
    done = subprocess.run(
        [sys.executable, str(PROJECT / "scripts" / "score.py"), "--vars", "{as_of: 2026-01-31}"],
        env=os.environ | {"LEAD_SCORING_TARGET": "spark"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    (line,) = (done.stdout + done.stderr).strip().splitlines()
    assert line.startswith("[lead_scoring] var raw_schema: expected the schema that holds the raw")


@pytest.fixture(scope="module")
def cluster() -> Iterator[SparkCluster]:
    need_spark()
    with running_cluster(workers=2) as running:
        yield running


def test_a_cluster_stores_tables_in_its_own_folder_and_says_nothing(
    cluster: SparkCluster, tmp_path: Path
) -> None:
    done = python(USE, cwd=tmp_path, **cluster.environment())
    assert done.stdout.splitlines() == [f"{cluster.master} UTC", "45"]
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []
    assert list((cluster.home / "warehouse" / "kept.db" / "numbers").glob("*.parquet"))
    # Each worker has run an executor, or more than one.
    executors = cluster.home.glob("worker_*/app-*/*/stderr")
    assert len({path.relative_to(cluster.home).parts[0] for path in executors}) == cluster.workers


def test_files_are_loaded_by_way_of_the_warehouse(cluster: SparkCluster, tmp_path: Path) -> None:
    """Executors on other machines do not see the folders of this one."""
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "raw_leads.csv").write_text("lead_id,seats\nL1,5\nL2,\n")
    done = python(LOAD, cwd=tmp_path, **cluster.environment())
    read, counts = done.stdout.splitlines()
    assert counts == "{'raw_leads': 2}"
    assert read.startswith(f"file:{cluster.home / 'warehouse'}/lead_scoring_loading_")
    assert list((cluster.home / "warehouse").glob("lead_scoring_loading_*")) == []
    assert (cluster.home / "warehouse" / "loaded.db" / "raw_leads").is_dir()


@pytest.mark.parametrize("how", ["ends", "is killed"])
def test_a_cluster_ends_with_its_caller(how: str) -> None:
    need_spark()
    with subprocess.Popen(
        [sys.executable, "-c", START],
        env=os.environ | {"PYTHONPATH": str(PROJECT / "scripts")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as caller:
        assert caller.stdin and caller.stdout
        home = caller.stdout.readline().strip()
        assert home and processes_of(home)
        if how == "is killed":
            caller.kill()
        else:
            caller.stdin.close()
        caller.wait()
    for _ in range(50):
        if not processes_of(home):
            break
        subprocess.run(["sleep", "0.1"], check=True)
    assert processes_of(home) == []
    if how == "ends":
        assert not Path(home).exists()
    else:
        subprocess.run(["rm", "-rf", home], check=True)


def test_a_cluster_that_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    need_spark()
    monkeypatch.setattr(spark_cluster, "WORKER", "not.There")
    message = "Spark: expected a master with 1 workers, found .*ClassNotFoundException: not.There"
    with pytest.raises(NoSparkError, match=message), running_cluster(workers=1):
        pass


def processes_of(home: str) -> list[str]:
    """Processes whose command names the folder, which each of the cluster's does but the master."""
    shown = subprocess.run(["ps", "-eww", "-o", "args"], capture_output=True, text=True, check=True)
    return [line for line in shown.stdout.splitlines() if home in line]


def python(code: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(PROJECT / "scripts")} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
