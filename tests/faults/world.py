"""The house in which the stream plays, made once and copied for each run."""

from __future__ import annotations

import os

import psycopg

# Django reads its settings when the functions are called: the database has to be there first.


def open_world(database_url: str) -> str:
    """Migrate the database, open the demo's house in it with its prices; return a key for the stream."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "billing_site.settings.development")
    os.environ["DATABASE_URL"] = database_url
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from billing_site.common.clock import now
    from billing_site.demo.house import import_price_lists, open_house
    from catalogue.models import Scope
    from catalogue.services.api_keys import create_api_key

    call_command("migrate", verbosity=0, interactive=False)
    head_office = open_house()
    import_price_lists(head_office, at=now())
    _, key = create_api_key(name="stream", company=head_office, scopes=[Scope.EVENTS_WRITE.value])
    connections.close_all()
    return key


def copy_world(server_url: str, source: str, copy: str) -> None:
    """Make another database of what the house's database holds."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {copy} TEMPLATE {source}")
