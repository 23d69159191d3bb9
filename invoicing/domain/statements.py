"""A statement of an account: what it owed, what was billed, credited and paid, what it owes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from invoicing.domain.sums import exact_sum

EntryKind = Literal["invoice", "credit_note", "payment"]
# On one day an invoice stands before what settles it.
_ORDER: tuple[EntryKind, ...] = ("invoice", "credit_note", "payment")


@dataclass(frozen=True, slots=True)
class Entry:
    """A document or payment of an account.

    on: [local day of issue or receipt]
    number: [of the document, or the payment's reference]
    invoice: [number of the invoice that a credit note or payment names; may be empty]
    amount: [money; what the account owes more is positive, what it owes less is negative]
    """

    on: date
    kind: EntryKind
    number: str
    invoice: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class BalancedEntry:
    """An entry and what the account owes after it; below 0 the account has something left with us."""

    entry: Entry
    balance: Decimal


@dataclass(frozen=True, slots=True)
class Statement:
    """The days from `first_on` to `last_on`, both included, in one currency."""

    currency: str
    first_on: date
    last_on: date
    opening_balance: Decimal
    entries: tuple[BalancedEntry, ...]

    @property
    def closing_balance(self) -> Decimal:
        return self.entries[-1].balance if self.entries else self.opening_balance


def draw_up(
    currency: str, first_on: date, last_on: date, opening_balance: Decimal, entries: Iterable[Entry]
) -> Statement:
    """Put entries in order of their day (invoices, credit notes, payments; by number) and carry the balance.

    currency: [ISO 4217]
    first_on, last_on: [local days, both included]
    opening_balance: [money, any sign, owed before the first day]
    entries: [all of these days, in any order]

    >>> day = date(2026, 4, 3)
    >>> statement = draw_up("USD", day, day, Decimal("10.00"), [
    ...     Entry(day, "payment", "p1", "US1-2026-00001", Decimal("-100.00")),
    ...     Entry(day, "invoice", "US1-2026-00001", "", Decimal("80.00"))])
    >>> [(entry.entry.number, str(entry.balance)) for entry in statement.entries]
    [('US1-2026-00001', '90.00'), ('p1', '-10.00')]
    """
    balance = opening_balance
    balanced = []
    for entry in sorted(entries, key=lambda entry: (entry.on, _ORDER.index(entry.kind), entry.number)):
        balance = exact_sum([balance, entry.amount])
        balanced.append(BalancedEntry(entry, balance))
    return Statement(currency, first_on, last_on, opening_balance, tuple(balanced))
