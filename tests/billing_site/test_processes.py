"""Which worker takes which job, and that none is left. That a killed one comes back: `make test-faults`."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from billing_site.celery import app
from billing_site.processes import worker_commands

ROOT = Path(__file__).resolve().parents[2]
ONE_IS_RUN = """
from billing_site.processes import running
with running({"test-processes": ["sleep", "60"]}) as processes:
    print(processes["test-processes"].pid, flush=True)
    processes["test-processes"].wait()
"""
RENDERING = "invoicing.tasks.render_document"


def queue_of(task):
    return app.amqp.router.route({}, task)["queue"].name


def queues_of(command):
    return command[command.index("--queues") + 1].split(",")


def jobs():
    app.loader.import_default_modules()
    return sorted(name for name in app.tasks if not name.startswith("celery."))


def test_only_documents_wait_behind_documents():
    assert {name for name in jobs() if queue_of(name) == "documents"} == {RENDERING}
    assert {queue_of(name) for name in jobs()} == {"celery", "documents"}


@pytest.mark.parametrize("place", ["serve_and_demo", "compose"])
def test_each_queue_has_a_worker_of_its_own(place):
    if place == "compose":
        services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
        commands = {name: services[name]["command"] for name in ("worker", "documents")}
    else:
        commands = worker_commands()
    assert {name: queues_of(command) for name, command in commands.items()} == {
        "worker": ["celery"],
        "documents": ["documents"],
    }
    assert {queue.name for queue in app.conf.task_queues} == {"celery", "documents"}


def test_none_is_left_when_the_one_that_runs_them_is_asked_to_end():
    with subprocess.Popen([sys.executable, "-c", ONE_IS_RUN], cwd=ROOT, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert Path(f"/proc/{child}").exists()
        parent.terminate()
        parent.wait(20)
    assert not Path(f"/proc/{child}").exists()
