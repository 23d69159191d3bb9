"""The words of valid_from and valid_to: an instant, or a date at local midnight of the company."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from billing_site.common.errors import BillingError
from billing_site.common.sql import rows
from catalogue.domain.periods import local_midnight
from catalogue.models import Company, PriceImport
from catalogue.services.price_import_findings import Finding

EARLIEST, LATEST = date(1970, 1, 1), date(9999, 12, 30)


class NotAnInstant(BillingError):
    """A text that is neither a date nor an instant."""

    code = "not_an_instant"


@dataclass(slots=True)
class Instants:
    """What the words of a column mean for each company: three arrays of one length, for SQL."""

    words: list[str] = field(default_factory=list)
    companies: list[int] = field(default_factory=list)
    instants: list[datetime] = field(default_factory=list)


def parse_effective(text: str) -> date | datetime:
    """Read 2026-04-02 as a date and 2026-04-02T00:00:00Z as an instant. Raises NotAnInstant."""
    try:
        value: date | datetime = date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        value = date.min
    day = value.date() if isinstance(value, datetime) else value
    if not EARLIEST <= day <= LATEST or (isinstance(value, datetime) and value.tzinfo is None):
        raise NotAnInstant(
            f"{text!r} is neither a date nor an instant with a zone: write 2026-04-02 or "
            "2026-04-02T00:00:00Z."
        )
    return value


def instant_for(effective: date | datetime, company: Company) -> datetime:
    """Return the instant in UTC at which it is effective for a company: a date begins at its midnight."""
    if isinstance(effective, datetime):
        return effective.astimezone(UTC)
    return local_midnight(effective, ZoneInfo(company.timezone))


def read_instants(
    price_import: PriceImport, position: int | None, companies: Iterable[Company]
) -> tuple[Instants, list[Finding]]:
    """Understand the different words of a column of staged lines; a file has few of them (one query)."""
    instants, faults = Instants(), list[Finding]()
    if position is None:
        return instants, faults
    companies = list({company.pk: company for company in companies}.values())
    for row in rows(
        "catalogue", "price_import_words", {"price_import": price_import.pk, "position": position}
    ):
        try:
            value = parse_effective(row["word"])
        except NotAnInstant as error:
            faults.append(Finding(error.code, error.sentence, row["line"]))
            continue
        for company in companies:
            instants.words.append(row["word"])
            instants.companies.append(company.pk)
            instants.instants.append(instant_for(value, company))
    return instants, faults
