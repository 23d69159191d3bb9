"""The words of a price file that are read once for all lines: dates, instants and unit factors.

A date means local midnight of the company whose price it is. A file has few different words in a column.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from billing_site.common.errors import BillingError
from catalogue.domain.periods import local_midnight
from catalogue.models import Company, ImportLine, PriceImport

_RATIO = r"[1-9][0-9]{0,17}(/[1-9][0-9]{0,17})?"
_UNIT_FACTORS = re.compile(rf"[^=;/]+={_RATIO}(;[^=;/]+={_RATIO})*;?", re.ASCII)
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


def read_instants(price_import: PriceImport, column: str, companies: Iterable[Company]) -> Instants:
    """Understand the words of a date column of the staged lines (one query); what is no date is left out."""
    instants = Instants()
    different = {company.pk: company for company in companies}
    for word in _words(price_import, column):
        try:
            value = parse_effective(word)
        except NotAnInstant:
            continue
        for company in different.values():
            instants.words.append(word)
            instants.companies.append(company.pk)
            instants.instants.append(instant_for(value, company))
    return instants


def valid_unit_factors(price_import: PriceImport) -> list[str]:
    """Return the words of the column unit_factors that can be read, such as second=1/3600 (one query)."""
    return [word for word in _words(price_import, "unit_factors") if _UNIT_FACTORS.fullmatch(word)]


def _words(price_import: PriceImport, column: str) -> Iterable[str]:
    staged = ImportLine.objects.filter(price_import=price_import).exclude(**{column: ""})
    return staged.exclude(**{column: None}).order_by().values_list(column, flat=True).distinct().iterator()
