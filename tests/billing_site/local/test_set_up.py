"""The set-up without the network: what it decides, what it mends, and what it says."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from billing_site.local import packages, set_up, system_packages
from billing_site.local.packages import PackagesMissing, install_packages
from billing_site.local.places import CHECKOUT
from billing_site.local.system_packages import SystemPackagesMissing, install_libraries
from billing_site.local.virtual_environment import NoEnvironment, VirtualEnvironment


@pytest.fixture
def environment(tmp_path: Path) -> VirtualEnvironment:
    environment = VirtualEnvironment(tmp_path / ".venv")
    environment.make_whole()
    environment.set_stamp("demo", "first")
    return environment


def test_a_finished_environment_is_kept(environment: VirtualEnvironment) -> None:
    (environment.folder / "kept").touch()
    environment.make_whole()
    assert environment.is_whole()
    assert (environment.folder / "kept").exists()


def test_an_interrupted_change_leaves_no_stamp_and_is_made_anew(environment: VirtualEnvironment) -> None:
    environment.set_stamp("tests", "first")
    with pytest.raises(KeyboardInterrupt), environment.changing():
        raise KeyboardInterrupt
    assert not environment.is_whole()
    assert environment.stamp("tests") is None
    (environment.folder / "half-done").touch()
    environment.make_whole()
    assert not (environment.folder / "half-done").exists()


def test_an_environment_whose_python_is_gone_is_made_anew(environment: VirtualEnvironment) -> None:
    environment.python.unlink()
    environment.python.symlink_to("/nowhere/python")
    assert not environment.is_whole()
    environment.make_whole()
    subprocess.run([environment.python, "-c", ""], check=True)


def test_missing_libraries_are_one_sentence_with_the_line_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(system_packages.LIBRARIES, "libnone.so.0", "libnone0")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(SystemPackagesMissing, match=r"lacks libnone0: run `sudo apt-get install libnone0`"):
        install_libraries(needs_pip=False)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("error: dns error: failed to lookup address information", "because the network does not answer"),
        (
            "Failed to establish a new connection: Temporary failure in name resolution",
            "network does not answer",
        ),
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "does not have the checksum"),
        ("something else", r"see the end of .*set-up.log"),
    ],
)
def test_a_failed_installation_says_what_to_do(
    environment: VirtualEnvironment, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: str, sentence: str
) -> None:
    (tmp_path / "requirements.lock").write_text("django==5.2.19\n")
    failing = tmp_path / "uv"
    failing.write_text(f"#!/bin/sh\necho '{said}'\nexit 1\n")
    failing.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(packages, "_pip", lambda environment, log, lock: False)
    with pytest.raises(PackagesMissing, match=sentence):
        install_packages(environment, tmp_path / "requirements.lock")


def test_needs_nothing_but_the_standard_library() -> None:
    for module in ("set_up", "stop"):
        program = f"import sys; sys.path.insert(0, '.'); import billing_site.local.{module}"
        subprocess.run([sys.executable, "-I", "-S", "-c", program], cwd=CHECKOUT, check=True)


def test_a_folder_that_may_not_be_written_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NoEnvironment, match=r"could be made in .*file/.venv \(.*Not a directory"):
        VirtualEnvironment(tmp_path / "file/.venv").make_whole()


def test_ctrl_c_is_one_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupt(purpose: str, wanted: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(set_up, "set_up", interrupt)
    assert set_up.main("demo", "wanted") == 130
    assert "run the same command again" in capsys.readouterr().err


def test_an_old_python_is_one_sentence(tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("sh", "cat", "sha256sum", "cut", "dirname", "id"):
        found = next(path for folder in ("/usr/bin", "/bin") if (path := Path(folder, name)).exists())
        (programs / name).symlink_to(found)
    old = programs / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] || exit 1\necho Python 3.9.2\n')
    old.chmod(0o755)
    checkout = tmp_path / "checkout"
    (checkout / "billing_site/local").mkdir(parents=True)
    for name in (
        "requirements-dev.lock",
        *(f"billing_site/local/{n}" for n in ("bootstrap.sh", "system_packages.py")),
    ):
        (checkout / name).write_bytes((CHECKOUT / name).read_bytes())
    done = subprocess.run(
        ["sh", "billing_site/local/bootstrap.sh"],
        cwd=checkout,
        env={"PATH": str(programs)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 3
    assert done.stderr.startswith("Meridian needs Python 3.11 or newer and this machine has Python 3.9.2")
    assert done.stderr.count("\n") == 1


def test_the_second_time_python_is_not_even_started(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    for name in (
        "requirements-dev.lock",
        "billing_site/local/bootstrap.sh",
        "billing_site/local/system_packages.py",
    ):
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / name).write_bytes((CHECKOUT / name).read_bytes())
    what_for = (checkout / "requirements-dev.lock").read_bytes() + (
        checkout / "billing_site/local/system_packages.py"
    ).read_bytes()
    (checkout / ".venv/bin").mkdir(parents=True)
    (checkout / ".venv/bin/python").symlink_to(sys.executable)
    (checkout / ".venv/set-up-for-demo").write_text(hashlib.sha256(what_for).hexdigest() + "\n")
    done = subprocess.run(
        ["sh", "billing_site/local/bootstrap.sh"], cwd=checkout, capture_output=True, text=True, check=True
    )
    assert done.stdout + done.stderr == ""


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_has_checksums_and_no_address(name: str) -> None:
    lines = (CHECKOUT / name).read_text().splitlines()
    assert not [line for line in lines if "://" in line or line.startswith("--") or "find-links" in line]
    entries = [number for number, line in enumerate(lines) if line[:1].isalnum()]
    assert all(lines[number + 1].startswith("    --hash=sha256:") for number in entries)
