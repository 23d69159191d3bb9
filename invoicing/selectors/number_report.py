"""Whether the numbers of documents are without gaps."""

from collections.abc import Iterable
from dataclasses import dataclass

from billing_site.common import sql
from invoicing.models import NumberSeries

_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class NumberReport:
    """What a series' documents say of it.

    documents: how many carry a number of it. missing: the first numbers given that none carries.
    surplus: numbers that several carry, or that were never given.
    """

    series_id: int
    documents: int
    missing: list[int]
    surplus: list[int]

    @property
    def is_contiguous(self) -> bool:
        return not self.missing and not self.surplus

    @property
    def sentence(self) -> str:
        """What it proves, in words."""
        if self.is_contiguous:
            return "without gaps"
        parts = [("missing", self.missing), ("given twice or never", self.surplus)]
        return "; ".join(f"{what}: {', '.join(map(str, numbers))}" for what, numbers in parts if numbers)


def number_report(series: Iterable[NumberSeries]) -> dict[int, NumberReport]:
    """Set the numbers of series against the documents that carry them, by series; one query."""
    asked = {"series": [one.pk for one in series], "at_most": _AT_MOST}
    return {row["series_id"]: NumberReport(**row) for row in sql.rows("invoicing", "number_report", asked)}
