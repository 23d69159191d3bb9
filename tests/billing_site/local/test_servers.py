import os
import subprocess
import sys
from pathlib import Path

import pytest

from billing_site.local import servers
from billing_site.local.places import CHECKOUT, local_folder
from tests.billing_site.local.conftest import ask


@pytest.fixture(autouse=True)
def own_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERIDIAN_LOCAL_DIR", str(folder))
    for variable in ("DATABASE_URL", "BROKER_URL"):
        monkeypatch.setenv(variable, "")  # remembered, so that what ensure_... sets is undone


def test_the_folder_is_in_the_checkout_unless_it_is_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERIDIAN_LOCAL_DIR", "elsewhere/servers")
    assert local_folder() == CHECKOUT / "elsewhere/servers"
    monkeypatch.delenv("MERIDIAN_LOCAL_DIR")
    assert local_folder() == CHECKOUT / ".local"


def test_variables_that_are_set_are_obeyed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://mine/db")
    monkeypatch.setenv("BROKER_URL", "redis://mine/0")
    servers.ensure_servers()
    assert os.environ["DATABASE_URL"] == "postgresql://mine/db"
    assert os.environ["BROKER_URL"] == "redis://mine/0"
    assert list(folder.iterdir()) == []


def test_both_start_and_stop_ends_exactly_these(folder: Path, made_cluster: Path) -> None:
    (folder / "test").mkdir()
    subprocess.run(["cp", "-a", made_cluster, folder / "test/postgres"], check=True)
    servers.ensure_servers(durable=False)
    assert ask(os.environ["DATABASE_URL"], "select 1") == 1
    assert os.environ["BROKER_URL"] == f"redis+socket://{folder}/test/valkey/valkey.sock"
    assert servers.stop_servers() == [f"{folder}/test/valkey", f"{folder}/test/postgres"]
    assert servers.stop_servers() == []


def test_the_stop_command_says_what_it_did(folder: Path) -> None:
    servers.ensure_broker(durable=False)
    stop = [sys.executable, "-m", "billing_site.local.stop"]
    first, second = (subprocess.run(stop, capture_output=True, text=True, cwd=CHECKOUT) for _ in range(2))
    assert (first.returncode, first.stdout) == (0, f"Stopped {folder}/test/valkey\n")
    assert (second.returncode, second.stdout) == (0, "No server of this checkout was running.\n")


def test_importing_settings_starts_nothing(folder: Path) -> None:
    for settings in ("development", "test"):
        program = f"import billing_site.settings.{settings}"
        subprocess.run(
            [sys.executable, "-c", program],
            check=True,
            cwd=CHECKOUT,
            env={**os.environ, "DATABASE_URL": "postgresql:///x"},
        )
    assert list(folder.iterdir()) == []
