"""A customer whose usage is metered by the services: events in, mediated, rated, and months closed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from catalogue.domain.terms import PriceTerms, price_terms
from catalogue.models import Account, Company, Currency, Price, Product
from catalogue.services.accounts import open_account
from catalogue.services.companies import open_company
from catalogue.services.prices import enter_price
from metering.domain.incoming_events import USAGE, VOID, IncomingEvent, Item
from metering.models import Charge
from metering.services.ingestion import Sender, ingest
from metering.services.mediation import mediate_waiting
from metering.services.rating import rate_stale_periods
from tests.factories.months import close_month

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


def at(day: int, hour: int = 0, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def per_unit(unit_price: str, **more: Any) -> PriceTerms:
    return price_terms("per_unit", {"unit_price": Decimal(unit_price)}, **more)


@dataclass
class Metered:
    """A head office and its sales office with an account, both in euro and UTC."""

    head: Company
    office: Company
    account: Account
    sent: int = field(default=0)

    def product(self, sku: str, kind: str = "usage", unit: str = "GB", **more: Any) -> Product:
        return Product.objects.create(sku=sku, kind=kind, unit=unit, **more)

    def price(
        self, product: Product, terms: PriceTerms, *, valid_from: datetime | None = None, **more: Any
    ) -> Price:
        company = more.pop("company", self.office)
        return enter_price(
            company=company,
            product=product,
            currency=Currency.objects.get(code="EUR"),
            terms=terms,
            valid_from=valid_from or at(1, month=1),
            entered_at=more.pop("entered_at", at(1)),
            **more,
        )

    def life(
        self,
        resource: str,
        time: datetime,
        type: str = "created",
        received: datetime | None = None,
        **items: str,
    ) -> None:
        """Send a lifecycle event; items by SKU, with a dash for each underscore."""
        parts = tuple(Item(sku.replace("_", "-"), Decimal(quantity)) for sku, quantity in items.items())
        self.send(
            [
                IncomingEvent(
                    source="orders",
                    id=f"e{self.sent}",
                    type=type,
                    subject=resource,
                    time=time,
                    payload='{"type": "as sent"}',
                    account=self.account.code if type == "created" else "",
                    items=parts if type in ("created", "resized") else None,
                )
            ],
            received,
        )

    def use(
        self,
        sku: str,
        time: datetime,
        quantity: str,
        *,
        resource: str = "",
        received: datetime | None = None,
        **more: Any,
    ) -> str:
        """Send a usage record and return its id."""
        event = IncomingEvent(
            source="meters",
            id=more.pop("id", f"u{self.sent}"),
            type=USAGE,
            subject=resource,
            time=time,
            payload='{"usage": "as sent"}',
            account="" if resource else more.pop("account", self.account.code),
            sku=sku,
            quantity=Decimal(quantity),
            **more,
        )
        self.send([event], received)
        return event.id

    def void(self, record: str, time: datetime, *, received: datetime | None = None) -> None:
        self.send([IncomingEvent("meters", f"v{self.sent}", VOID, "", time, "{}", voids=record)], received)

    def send(self, events: Sequence[IncomingEvent], received: datetime | None = None) -> None:
        self.sent += len(events)
        sender = Sender(company_id=self.head.pk, head_office_id=self.head.pk)
        ingest(events, sender=sender, received_at=received or max(e.time for e in events), channel="test")

    def rate(self, now: datetime) -> None:
        mediate_waiting(now=now)
        rate_stale_periods(as_of=now)

    def close(self, month: date, cutoff: datetime) -> None:
        mediate_waiting(now=cutoff)
        close_month(company=self.office, month=month, cutoff=cutoff)

    def charges(self, **narrowed: Any) -> list[Charge]:
        return list(Charge.objects.filter(**{"side": "sell", **narrowed}).order_by("id"))


def metered() -> Metered:
    head = open_company(code="head", name="Head", country="DE", currency="EUR", timezone="UTC", parent=None)
    office = open_company(
        code="office", name="Office", country="DE", currency="EUR", timezone="UTC", parent=head
    )
    account = open_account(code="acme", company=office, timezone="UTC")
    return Metered(head, office, account)
