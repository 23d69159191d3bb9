"""Who sells and who buys in a measured database."""

from datetime import date

from billing_site.common import sql
from catalogue.models import Account, Company
from catalogue.services.companies import open_company
from metering.services.partitions import ensure_month_partitions


def open_house(*, accounts: int, products: int) -> Company:
    """Open a head office and a sales office with accounts A0, A1 and so on; the sales office.

    Products are P1, P2 and so on, of which every tenth is metered. The first half of 2026 has partitions.
    """
    head_office = open_company(code="HQ", name="Head office", country="US", currency="USD", timezone="UTC")
    office = open_company(
        code="DE",
        name="Sales office",
        country="DE",
        currency="EUR",
        timezone="Europe/Berlin",
        parent=head_office,
    )
    Account.objects.bulk_create(
        Account(
            code=f"A{number}",
            name=f"A{number}",
            company=office,
            currency_id=office.currency_id,
            country=office.country,
            timezone=office.timezone,
        )
        for number in range(accounts)
    )
    ensure_month_partitions(first=date(2026, 1, 1), months=6)
    sql.run("billing_site", "bench_products", {"products": products})
    return office
