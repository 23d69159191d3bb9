"""How long the live month to date of an account takes, beside an empty answer of the same server."""

from __future__ import annotations

from functools import partial

import httpx

from billing_site.bench.figures import Figure
from billing_site.bench.rating import set_up
from billing_site.bench.servers import measured_server
from billing_site.bench.timing import Clock
from billing_site.scenarios.databases import scenario_databases
from catalogue.models import Account, Scope
from catalogue.services.api_keys import create_api_key

RESOURCES = 500
AT_MOST_TIMES = 10.0
_ACCOUNTS = 20
_ROUNDS = 60
_WARM_UP = 10
_AS_OF = "2026-03-20T12:00:00Z"


def figures() -> list[Figure]:
    """Ask for the charges of an account of 500 resources, one of 20 such, over HTTP; medians, by turns."""
    clock, name, peer = Clock(), f"account of {RESOURCES} resources", "empty answer"
    with scenario_databases() as databases, databases.copy(), measured_server() as base_url:
        set_up(resources=RESOURCES * _ACCOUNTS, accounts=_ACCOUNTS)
        account = Account.objects.order_by("pk")[0]
        scopes = [Scope.BILLING_READ, Scope.CATALOGUE_READ]
        key = create_api_key(name="bench", company=account.company, scopes=scopes)[1]
        addresses = {
            peer: "/api/v1/empty",
            name: f"/api/v1/accounts/{account.code}/current-charges?as_of={_AS_OF}",
        }
        headers = {"Authorization": f"Bearer {key}"}
        with httpx.Client(base_url=base_url, trust_env=False, timeout=60, headers=headers) as client:
            for turn in range(_ROUNDS + _WARM_UP):
                kept = clock if turn >= _WARM_UP else Clock()
                for asked, address in addresses.items():
                    kept.take(asked, partial(_get, client, address))
            lines = len(client.get(addresses[name]).json()["lines"])
    if lines < RESOURCES:
        raise AssertionError(f"{RESOURCES} resources have only {lines} lines.")
    return [clock.at_most(name, peer, AT_MOST_TIMES)]


def _get(client: httpx.Client, address: str) -> None:
    client.get(address).raise_for_status()
