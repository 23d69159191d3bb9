import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from billing_site.local.embedded_server import ServerTrouble
from billing_site.local.postgres import Postgres
from billing_site.local.processes import command_line, wait_until
from tests.billing_site.local.conftest import ask

as_root_only = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root has to run PostgreSQL as somebody else"
)


def test_a_new_folder_becomes_a_running_durable_cluster(folder: Path) -> None:
    server = Postgres(folder / "postgres", durable=True)
    (server.home / "data.new/base").mkdir(parents=True)  # as an interrupted start leaves it
    server.home.chmod(0o700)
    url = server.ensure()
    assert ask(url, "select current_user || '/' || current_database()") == "meridian/meridian"
    assert ask(url, "show fsync") == "on"
    assert ask(url, "select 'ß' < 'z' or upper('é') = 'É'") is True
    assert (
        ask(url, "select pg_encoding_to_char(encoding) from pg_database where datname = 'meridian'") == "UTF8"
    )


def test_is_private_and_opens_no_tcp_port(postgres: Postgres) -> None:
    url = postgres.ensure()
    assert ask(url, "show listen_addresses") == ""
    assert stat.S_IMODE(postgres.home.stat().st_mode) == 0o700
    assert ask(url, "show fsync") == "off", "of data that may be thrown away"


def test_the_next_command_finds_the_same_server(postgres: Postgres) -> None:
    url = postgres.ensure()
    again = Postgres(postgres.home, durable=False)
    assert (again.ensure(), again.pid()) == (url, postgres.pid())


def test_two_commands_at_once_start_one_server(postgres: Postgres) -> None:
    program = (
        "import sys; from pathlib import Path; from billing_site.local.postgres import Postgres;"
        "server = Postgres(Path(sys.argv[1]), durable=False); server.ensure(); print(server.pid())"
    )
    starts = [
        subprocess.Popen([sys.executable, "-c", program, postgres.home], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    pids = {start.communicate()[0] for start in starts}
    assert pids == {f"{postgres.pid()}\n"}


def test_committed_rows_survive_a_killed_server(postgres: Postgres) -> None:
    postgres.durable = True
    url = postgres.ensure()
    ask(url, "create table kept as select 42 as answer")
    first = postgres.pid()
    assert first is not None
    os.kill(first, signal.SIGKILL)
    assert ask(postgres.ensure(), "select answer from kept") == 42
    assert postgres.pid() != first


def test_a_stale_process_id_of_a_stranger_is_left_alone(postgres: Postgres) -> None:
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        pid_file = postgres.home / "data/postmaster.pid"
        pid_file.write_text(f"{stranger.pid}\n{postgres.home}/data\n0\n5432\n\n\n\n")
        os.chown(pid_file, (postgres.home / "data").stat().st_uid, -1)
        assert postgres.pid() is None
        assert postgres.stop() is False
        assert ask(postgres.ensure(), "select 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_stop_ends_it_and_the_data_remain(postgres: Postgres) -> None:
    ask(postgres.ensure(), "create table kept as select 42 as answer")
    pid = postgres.pid()
    assert pid is not None
    assert postgres.stop() is True
    assert command_line(pid) == ""
    assert postgres.stop() is False
    assert ask(postgres.ensure(), "select answer from kept") == 42


def test_a_long_path_has_its_socket_elsewhere(folder: Path, made_cluster: Path) -> None:
    home = folder / ("a long name, with a comma " * 5) / "postgres"
    home.parent.mkdir()
    subprocess.run(["cp", "-a", made_cluster, home], check=True)
    server = Postgres(home, durable=False)
    assert ask(server.ensure(), "select 1") == 1
    private = server.socket_folder()
    assert len(str(private)) < 50
    assert stat.S_IMODE(private.stat().st_mode) == 0o700
    server.stop()
    shutil.rmtree(private)  # as a cleaner of temporary folders does
    assert ask(server.ensure(), "select 1") == 1
    server.stop()
    shutil.rmtree(server.socket_folder())


def test_a_server_whose_socket_was_deleted_is_replaced(postgres: Postgres) -> None:
    postgres.ensure()
    first = postgres.pid()
    (postgres.home / postgres.socket_name).unlink()
    assert ask(postgres.ensure(), "select 1") == 1
    assert postgres.pid() != first


def test_data_of_another_version_are_refused_with_a_sentence(postgres: Postgres) -> None:
    (postgres.home / "data/PG_VERSION").write_text("9\n")
    with pytest.raises(ServerTrouble, match=r"made by PostgreSQL 9 .* set DATABASE_URL"):
        postgres.ensure()


def test_a_full_disk_is_a_sentence(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Postgres, "needed_space", 10**18)
    with pytest.raises(ServerTrouble, match=r"MB are free under .* free some space"):
        postgres.ensure()


def test_a_broken_configuration_is_told_in_the_servers_words(postgres: Postgres) -> None:
    (postgres.home / "data/pg_hba.conf").write_text("nonsense\n")
    with pytest.raises(ServerTrouble, match=r"could not load .*pg_hba.conf .*see .*postgres.log"):
        postgres.ensure()


@as_root_only
def test_a_folder_of_somebody_else_is_refused(postgres: Postgres) -> None:
    os.chown(postgres.home, 1, -1)
    with pytest.raises(ServerTrouble, match="belongs to the user daemon"):
        postgres.ensure()


@as_root_only
def test_root_without_namespaces_uses_a_lesser_user(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", _path_without_unshare(folder))
    server = Postgres(folder / "postgres", durable=False)
    assert ask(server.ensure(), "select 1") == 1
    assert pwd.getpwuid((server.home / "data").stat().st_uid).pw_name in ("postgres", "nobody")
    assert server.stop() is True


@as_root_only
def test_root_in_a_closed_folder_keeps_the_data_outside(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", _path_without_unshare(folder))
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    server = Postgres(closed / "postgres", durable=False)
    assert ask(server.ensure(), "select 1") == 1
    outside = (closed / "postgres").resolve()
    assert outside.parent.parent == Path("/var/tmp")
    assert Postgres(closed / "postgres", durable=False).pid() == server.pid()

    (closed / "postgres").unlink()  # as `rm -r .local` does, with the server still running
    ask(server.ensure(), "create table proof_of_a_new_cluster ()")
    assert server.stop() is True
    shutil.rmtree(outside.parent)


def _path_without_unshare(folder: Path) -> str:
    programs = folder / "programs"
    programs.mkdir(mode=0o755)
    for name in ("sh", "test", "chmod", "env"):
        (programs / name).symlink_to(shutil.which(name) or name)
    return str(programs)


def test_a_starting_server_is_waited_for(postgres: Postgres) -> None:
    postgres.ensure()
    pid = postgres.pid()
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    waiter = subprocess.Popen(
        [sys.executable, "-c", f"import os, time; time.sleep(1); os.kill({pid}, {signal.SIGCONT})"]
    )
    assert wait_until(postgres.is_ready, 5)
    waiter.wait()
    assert postgres.pid() == pid
