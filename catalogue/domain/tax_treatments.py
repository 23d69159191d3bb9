"""How a customer is taxed, where not as country and products say: reverse charge, exemption, export."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

# The categories in which a tax is charged at all.
_CHARGED = frozenset({"standard", "reduced"})


@dataclass(frozen=True, slots=True)
class TaxTreatment:
    """The category that a customer's documents have from a day of issue on.

    category: [reverse_charge, exempt, export or zero]
    valid_from: [local date of issue, the first one]
    valid_to: [local date of issue, the first one that it no longer counts on; None is open]
    """

    category: str
    valid_from: date
    valid_to: date | None = None


def treatment_on(treatments: Iterable[TaxTreatment], issued_on: date) -> str:
    """Return the category of the treatment that counts, empty if none does.

    treatments: [of one customer, in any order; of those valid the latest `valid_from` counts]
    issued_on: [local date of issue]

    >>> exempt = TaxTreatment("exempt", date(2025, 1, 1), date(2026, 1, 1))
    >>> [treatment_on([exempt], on) for on in (date(2025, 12, 31), date(2026, 1, 1))]
    ['exempt', '']
    """
    valid = [
        treatment
        for treatment in treatments
        if treatment.valid_from <= issued_on
        and (treatment.valid_to is None or issued_on < treatment.valid_to)
    ]
    return max(valid, key=lambda treatment: treatment.valid_from).category if valid else ""


def treated(category: str, treatment: str) -> str:
    """Return the category that a line has: the treatment's, where a tax would be charged.

    category: [of the product]
    treatment: [category of the treatment that counts, empty if none does]

    >>> treated("reduced", "reverse_charge"), treated("exempt", "reverse_charge"), treated("standard", "")
    ('reverse_charge', 'exempt', 'standard')
    """
    return treatment if treatment and category in _CHARGED else category
