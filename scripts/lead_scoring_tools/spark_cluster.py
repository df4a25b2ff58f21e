"""A standalone cluster of Spark for one test: a master and workers, on free loopback ports."""

import http.client
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from .errors import UserMistakeError
from .spark_checks import refuse_unfit_java, refuse_unfit_pyspark

HOST = "127.0.0.1"
MASTER = "org.apache.spark.deploy.master.Master"
WORKER = "org.apache.spark.deploy.worker.Worker"
# Runs a program in a process group of its own, and ends the group, with all that the program has
# started, when either the program ends or the caller does: then nothing holds the other end of
# standard input any more, however the caller came to its end.
GUARD = '("$@" < /dev/null; kill -KILL 0) & cat > /dev/null; kill -KILL 0'
DAEMON_OPTIONS = (
    # A port that was taken meanwhile is an error, and not a reason to take the next one.
    "-Dspark.port.maxRetries=0",
    # Would listen at a port that is the same for every master of a machine.
    "-Dspark.master.rest.enabled=false",
    # They start fast, and leave the cores to the executors.
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
)
PATIENCE = 120.0


class NoSparkError(UserMistakeError):
    """No cluster could be started on this machine."""


@dataclass(frozen=True)
class SparkCluster:
    """A cluster that runs, and a folder for what is stored."""

    master: str
    home: Path
    workers: int
    cores: int
    memory: str

    def environment(self, schema: str = "lead_scoring") -> dict[str, str]:
        """What dbt is told of the cluster."""
        return {
            "LEAD_SCORING_TARGET": "spark",
            "LEAD_SCORING_SPARK_MASTER": self.master,
            "LEAD_SCORING_SPARK_SCHEMA": schema,
            "LEAD_SCORING_SPARK_WAREHOUSE": str(self.home / "warehouse"),
            "LEAD_SCORING_SPARK_METASTORE": str(self.home / "metastore"),
            "LEAD_SCORING_SPARK_EXECUTOR_MEMORY": self.memory,
            "SPARK_LOCAL_IP": HOST,
            "SPARK_LOCAL_DIRS": str(self.home / "scratch"),
        }


@contextmanager
def running_cluster(workers: int = 2, cores: int = 1, memory: str = "1g") -> Iterator[SparkCluster]:
    """Start a cluster, and remove it with all its data in the end.

    Each worker has so many cores, and so much memory for the one executor that it runs.
    """
    refuse_unfit_java()
    refuse_unfit_pyspark()
    with ExitStack() as stack:
        home = Path(tempfile.mkdtemp(prefix="lead_scoring_spark_"))
        stack.callback(shutil.rmtree, home, ignore_errors=True)
        port, web_port = _free_ports(2)
        master = f"spark://{HOST}:{port}"
        ports = ("--host", HOST, "--port", str(port), "--webui-port", str(web_port))
        daemons = [stack.enter_context(_daemon(home, "master", MASTER, *ports))]
        _wait_for_workers(web_port, 0, daemons, home)
        for number in range(1, workers + 1):
            own = ("--host", HOST, "--port", "0", "--webui-port", "0")
            size = ("--cores", str(cores), "--memory", memory)
            place = ("--work-dir", str(home / f"worker_{number}"))
            arguments = (WORKER, *own, *size, *place, master)
            daemons.append(stack.enter_context(_daemon(home, f"worker_{number}", *arguments)))
        _wait_for_workers(web_port, workers, daemons, home)
        yield SparkCluster(master, home, workers, cores, memory)


@contextmanager
def _daemon(home: Path, name: str, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    import pyspark

    spark = Path(pyspark.__file__).parent
    environment = os.environ | {
        "SPARK_HOME": str(spark),
        "SPARK_LOCAL_IP": HOST,
        "SPARK_LOCAL_DIRS": str(home / "scratch"),
        "SPARK_DAEMON_MEMORY": "512m",
        "SPARK_DAEMON_JAVA_OPTS": " ".join(DAEMON_OPTIONS),
        "SPARK_NO_DAEMONIZE": "1",
    }
    with (home / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            ["sh", "-c", GUARD, "sh", str(spark / "bin" / "spark-class"), *arguments],
            cwd=home,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait()


def _wait_for_workers(
    port: int, count: int, daemons: Sequence[subprocess.Popen[bytes]], home: Path
) -> None:
    until = time.monotonic() + PATIENCE
    while _workers_alive(port) < count:
        if any(daemon.poll() is not None for daemon in daemons) or time.monotonic() > until:
            raise NoSparkError("Spark", f"a master with {count} workers", _last_words(home))
        time.sleep(0.2)


def _workers_alive(port: int) -> int:
    """How many workers the master knows; -1 as long as it does not answer."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/json/")
        state = json.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError):
        return -1
    finally:
        connection.close()
    return int(state["aliveworkers"]) if state["status"] == "ALIVE" else -1


def _last_words(home: Path) -> str:
    lines = [
        line
        for log in sorted(home.glob("*.log"))
        for line in log.read_text(errors="replace").splitlines()
        if line.strip() and not line.startswith(("\t", "Spark Command", "===="))
    ]
    return lines[-1].strip().rstrip(".") if lines else "none, and no message"


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind((HOST, 0))
        return [int(probe.getsockname()[1]) for probe in probes]
