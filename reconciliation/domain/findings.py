"""What a run or a rule found, before it is set beside what is known already."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that does not agree, or leaks.

    month, key: [name it for ever, in its company and level]
    kind: [class, of finding_classes.py]
    account_id, sku, resource: [whom and what it is about, where that is known]
    unit: [currency or unit of the three values]
    first, second: [both sides; None: it has none]
    difference: [first minus second; of a leak what is not billed, or billed too much]
    at_risk: [money, 0 or more, in the reporting currency; None: not known]
    note: [a sentence, of a leak]

    >>> Found(date(2026, 3, 1), "acme VM", "missing", difference=Decimal(1)).identity
    (datetime.date(2026, 3, 1), 'acme VM')
    """

    month: date
    key: str
    kind: str
    difference: Decimal
    account_id: int | None = None
    sku: str = ""
    resource: str = ""
    unit: str = ""
    first: Decimal | None = None
    second: Decimal | None = None
    at_risk: Decimal | None = None
    note: str = ""

    @property
    def identity(self) -> tuple[date, str]:
        """What a company's level knows it by."""
        return self.month, self.key
