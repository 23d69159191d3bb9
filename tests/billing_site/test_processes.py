"""Which worker takes which job. That a killed one comes back is shown by `make test-faults`."""

from pathlib import Path

import pytest
import yaml

from billing_site.celery import app
from billing_site.processes import worker_commands

ROOT = Path(__file__).resolve().parents[2]
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
