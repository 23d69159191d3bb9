"""Run web server, workers and schedule together."""

import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from billing_site.demo.logins import LOGINS
from billing_site.processes import (
    ProcessTrouble,
    beat_command,
    log_of,
    running,
    wait_until_ready,
    web_command,
    worker_commands,
)
from catalogue.models import User


class Command(BaseCommand):
    help = "Run web server, Celery workers and beat together until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *_args: Any, port: int, **_options: Any) -> None:
        call_command("migrate", verbosity=0)
        base_url = f"http://127.0.0.1:{port}"
        commands = {"web": web_command(port), **worker_commands(), "beat": beat_command()}
        try:
            with running(commands) as processes:
                wait_until_ready(base_url, processes["web"])
                self._welcome(base_url)
                while all(process.poll() is None for process in processes.values()):
                    time.sleep(0.5)
                ended = next(name for name, process in processes.items() if process.poll() is not None)
                raise CommandError(f"The {ended} ended; read {log_of(ended)}.")
        except ProcessTrouble as trouble:
            raise CommandError(
                f"{trouble} If another program has port {port}: manage.py serve --port {port + 1}."
            ) from trouble
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")

    def _welcome(self, base_url: str) -> None:
        self.stdout.write(f"Console {base_url}/console/   portal {base_url}/   API {base_url}/api/docs/")
        present = set(
            User.objects.filter(username__in=[login.username for login in LOGINS]).values_list(
                "username", flat=True
            )
        )
        if settings.DEBUG and present:
            for login in LOGINS:
                if login.username in present:
                    self.stdout.write(f"  {login.username:12} {login.password:24} {login.what_for}")
        elif not present:
            self.stdout.write("There are no demo data: `make demo` brings them, with logins.")
        self.stdout.write("Ctrl-C stops them all.")
        self.stdout.flush()
