"""A pytest plugin: gives the suite its own PostgreSQL and Valkey before Django reads its settings."""

import pytest

from billing_site.local.servers import ServerTrouble, ensure_servers


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    try:
        ensure_servers(durable=False)
    except ServerTrouble as trouble:
        raise pytest.UsageError(str(trouble)) from trouble
