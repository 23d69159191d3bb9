import os
import shutil
import signal
import stat
from pathlib import Path

import redis

from billing_site.local.processes import command_line
from billing_site.local.valkey import Valkey


def client(server: Valkey) -> redis.Redis:
    return redis.Redis(unix_socket_path=str(server.socket_folder() / server.socket_name))


def test_listens_on_a_private_socket_only(valkey: Valkey) -> None:
    assert valkey.ensure() == f"redis+socket://{valkey.home}/valkey.sock"
    assert stat.S_IMODE((valkey.home / "valkey.sock").stat().st_mode) == 0o700
    assert stat.S_IMODE(valkey.home.stat().st_mode) == 0o700
    assert client(valkey).config_get("port") == {"port": "0"}


def test_the_next_command_finds_the_same_server(valkey: Valkey) -> None:
    url = valkey.ensure()
    again = Valkey(valkey.home, durable=True)
    assert (again.ensure(), again.pid()) == (url, valkey.pid())


def test_what_was_queued_survives_a_stop(valkey: Valkey) -> None:
    valkey.ensure()
    pid = valkey.pid()
    assert pid is not None
    client(valkey).lpush("queue", "job")
    assert valkey.stop() is True
    assert command_line(pid) == ""
    assert valkey.stop() is False
    valkey.ensure()
    assert client(valkey).lrange("queue", 0, -1) == [b"job"]


def test_a_killed_server_is_started_again(valkey: Valkey) -> None:
    valkey.ensure()
    first = valkey.pid()
    assert first is not None
    os.kill(first, signal.SIGKILL)
    valkey.ensure()
    assert client(valkey).ping() is True
    assert valkey.pid() not in (None, first)


def test_refuses_rather_than_forgets_when_memory_is_short(valkey: Valkey) -> None:
    valkey.ensure()
    assert client(valkey).config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    assert client(valkey).config_get("appendonly") == {"appendonly": "yes"}


def test_a_long_path_has_its_socket_elsewhere(folder: Path) -> None:
    home = folder / ("a long name " * 10) / "valkey"
    server = Valkey(home, durable=False)
    server.ensure()
    assert client(server).ping() is True
    private = server.socket_folder()
    assert len(str(private)) < 50
    server.stop()
    shutil.rmtree(private)
