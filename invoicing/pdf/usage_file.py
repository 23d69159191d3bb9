"""What was used in the month of an invoice, as CSV."""

import csv
from collections.abc import Iterable
from io import StringIO

from billing_site.common.locale_formats import local_instant
from billing_site.common.spreadsheets import safe_text
from catalogue.domain.rounding import show
from metering.selectors.used import Used

COLUMNS = ("resource", "sku", "from", "to", "state", "quantity", "unit", "usage_record")


def usage_csv(used: Iterable[Used], timezone: str) -> bytes:
    """Return one row a stretch or record, instants in a time zone; begins with a byte order mark."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(
        (
            *(safe_text(row.resource), safe_text(row.sku), local_instant(row.started_at, timezone)),
            *("" if row.ended_at is None else local_instant(row.ended_at, timezone), row.state),
            *(show(row.quantity), safe_text(row.unit), safe_text(row.record)),
        )
        for row in used
    )
    return text.getvalue().encode("utf-8-sig")
