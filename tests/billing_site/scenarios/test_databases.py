import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from billing_site.scenarios.databases import PREFIX, ScenarioDatabases, scenario_databases
from catalogue.models import Company


def names() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
        return {name for (name,) in cursor.fetchall()}


def connected_to() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        return cursor.fetchone()[0]


def test_each_copy_is_migrated_and_empty_and_gone_afterwards(databases):
    before, at_home = names(), connected_to()
    for _ in range(2):
        with databases.copy():
            assert connected_to() in names() - before
            assert not Company.objects.exists()
            Company.objects.create(
                code="US1", name="US1", country="US", currency_id="USD", number_prefix="US1"
            )
    assert names() == before
    assert connected_to() == at_home


def test_a_copy_is_dropped_when_its_story_breaks(databases):
    before, at_home = names(), connected_to()
    with (
        pytest.raises(ProgrammingError),
        databases.copy(),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT 1 FROM no_such_table")
    assert names() == before
    assert connected_to() == at_home


def test_two_commands_at_once_share_the_template(databases):
    before = names()
    with scenario_databases() as other, databases.copy():
        mine = connected_to()
        with other.copy():
            assert connected_to() not in {mine, *before}
        assert connected_to() == mine
    assert names() == before


def test_what_a_killed_command_left_behind_is_cleared_away_and_nothing_else(databases):
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {PREFIX}_copy_0123456789ab_7")
    with databases.copy():
        living = connected_to()
        with scenario_databases():
            left = names()
    assert living in left
    assert f"{PREFIX}_copy_0123456789ab_7" not in left


def test_another_state_of_the_migrations_has_another_template(databases, monkeypatch):
    before = names()
    monkeypatch.setattr("billing_site.scenarios.databases.migrations_hash", lambda: "another_state")
    monkeypatch.setattr(ScenarioDatabases, "_migrate", lambda self: None)

    with scenario_databases() as other, other.copy():
        assert f"{PREFIX}_template_another_state" in names()
        assert before <= names()
    monkeypatch.undo()
    with scenario_databases():
        assert f"{PREFIX}_template_another_state" not in names()
