"""Starts what the engines' tests ask: a PostgreSQL server of this run's own, a Spark session; lays rows there."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

__all__ = ["SPARK_SETTINGS", "laid_in_postgres", "laid_in_spark", "postgres_server", "spark_session"]

# Neither is the zone of the data, so that an answer in the session's zone is a wrong one.
SERVER_ZONE = "America/New_York"
SESSION_ZONE = "Asia/Tokyo"
SPARK_SETTINGS = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.memory": "1g",
    # the least work to get going, as every log here is small
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.session.timeZone": SESSION_ZONE,
    "spark.sql.shuffle.partitions": "2",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


@contextmanager
def postgres_server() -> Iterator[str]:
    """The URL of a server that is started for this run on a free port of this machine, and goes with it."""
    pytest.importorskip("sqlalchemy", reason="the extra 'postgres' is not installed")
    pytest.importorskip("psycopg", reason="the extra 'postgres' is not installed")
    programs = postgres_programs()
    if programs is None:
        pytest.skip("no PostgreSQL server is installed here (initdb is not found)")
    owner = server_user()
    folder = Path(tempfile.mkdtemp(prefix="crmwidget-postgres-"))
    if owner:
        shutil.chown(folder, owner)
    data, log = folder / "data", folder / "log"

    def run(program: str, *arguments: str) -> None:
        done = subprocess.run(
            [programs / program, "-D", data, *arguments],
            cwd=folder,
            user=owner,
            group=owner and pwd.getpwnam(owner).pw_gid,
            extra_groups=[] if owner else None,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr}\n{log.read_text() if log.is_file() else ''}")

    try:
        # a language that sorts "b" before "C", so that comparing texts by its rules is a wrong answer
        run(
            *("initdb", "--auth=trust", "--username=crm", "--encoding=UTF8", "--no-sync", "--locale=C.UTF-8"),
            *("--locale-provider=icu", "--icu-locale=en-US"),
        )
        port = free_port()
        settings = {
            "port": port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "fsync": "off",
            "shared_buffers": "32MB",
            "timezone": SERVER_ZONE,
        }
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        run("pg_ctl", "start", "-w", "-l", str(log), "-o", options)
        try:
            yield f"postgresql+psycopg://crm@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "stop", "-w", "-m", "immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def postgres_programs() -> Path | None:
    """Where initdb and pg_ctl are."""
    folders = [Path(found).parent for found in [shutil.which("initdb")] if found]
    if config := shutil.which("pg_config"):
        told = subprocess.run([config, "--bindir"], capture_output=True, text=True)
        folders.append(Path(told.stdout.strip()))
    folders += sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: -int("0" + folder.parent.name.split(".")[0])
    )
    return next((folder for folder in folders if (folder / "initdb").is_file() and (folder / "pg_ctl").is_file()), None)


def server_user() -> str | None:
    """Who runs the server: initdb refuses root, so root does it as `postgres`."""
    if os.getuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        pytest.skip("PostgreSQL does not run as root, and there is no user 'postgres' here")


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def spark_session(master: str) -> Any:
    """A new session of Spark; skips where there is none."""
    spark_sql = pytest.importorskip("pyspark.sql", reason="the extra 'spark' is not installed")
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        pytest.skip("Spark needs Java 17 or newer, and no java is found here")
    builder = spark_sql.SparkSession.builder.master(master).appName("crmwidget tests")
    for name, value in SPARK_SETTINGS.items():
        builder = builder.config(name, value)
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


_tables = count(1)


def laid_in_postgres(server: Any, frame: pd.DataFrame) -> str:
    name = f"moves_{next(_tables)}"
    frame.to_sql(name, server, index=False)
    return name


def laid_in_spark(session: Any, frame: pd.DataFrame, path: Path) -> Any:
    """By way of a file, as Spark's data mostly lies: times with and without a zone stay what they are."""
    frame.to_parquet(path, index=False)
    return session.read.parquet(str(path))
