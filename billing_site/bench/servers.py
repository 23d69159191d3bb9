"""A web server of a measurement's own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from billing_site.processes import free_port, running, wait_until_ready, web_command


@contextmanager
def measured_server(*, workers: int = 1) -> Iterator[str]:
    """Run a web server on the database that the default connection is to."""
    port = free_port()
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = [
        f"DATABASE_URL={url.geturl()}",
        "DATABASE_POOL=true",
        # Sessions that are opened here are signed with it.
        f"SECRET_KEY={settings.SECRET_KEY}",
        "DJANGO_SETTINGS_MODULE=billing_site.settings.bench",
    ]
    base_url = f"http://127.0.0.1:{port}"
    with running({"web": ["env", *environment, *web_command(port, workers=workers)]}) as processes:
        wait_until_ready(base_url, processes["web"])
        yield base_url
