"""The databases in which the streams play: made once and copied for each run."""

from __future__ import annotations

import os

import psycopg

# Django reads its settings when the functions are called: the database has to be there first.


def make_database(database_url: str) -> None:
    """Begin to use the database from this process, and migrate it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "billing_site.settings.development")
    os.environ["DATABASE_URL"] = database_url
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def open_demo_house() -> str:
    """Open the demo's house with its prices; return a key for the stream."""
    from billing_site.common.clock import now
    from billing_site.demo.house import import_price_lists, open_house
    from catalogue.models import Scope
    from catalogue.services.api_keys import create_api_key

    head_office = open_house()
    import_price_lists(head_office, at=now())
    return create_api_key(name="stream", company=head_office, scopes=[Scope.EVENTS_WRITE.value])[1]


def leave_database() -> None:
    """Close this process's sessions: a database that is in use cannot be copied."""
    from django.db import connections

    connections.close_all()


def copy_world(server_url: str, source: str, copy: str) -> None:
    """Make another database of what the house's database holds."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {copy} TEMPLATE {source}")
