"""Every table of ours has a model and a migration, and migrations run down the line of apps."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.architecture.sources import APPS


def tables_of_models() -> set[str]:
    return {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in APPS
    }


def test_a_table_carries_the_name_of_its_app() -> None:
    """By it the rules for SQL know whose table it is."""
    strangers = [
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in APPS
        if not model._meta.db_table.startswith(f"{model._meta.app_label}_")
    ]
    assert strangers == []


@pytest.mark.django_db
def test_every_table_has_a_model_and_every_model_a_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT relname FROM pg_class
             WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = 'public'::regnamespace
        """)
        tables = {name for (name,) in cursor.fetchall() if name.startswith(tuple(f"{app}_" for app in APPS))}
    assert tables == tables_of_models()


@pytest.mark.django_db
def test_every_model_is_migrated() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=1)


def test_no_migration_waits_for_a_higher_app() -> None:
    waiting = [
        f"{app}.{name} waits for {other}.{their_name}"
        for (app, name), migration in MigrationLoader(None).disk_migrations.items()
        for other, their_name in migration.dependencies
        if app in APPS and other in APPS and APPS.index(other) > APPS.index(app)
    ]
    assert waiting == []
