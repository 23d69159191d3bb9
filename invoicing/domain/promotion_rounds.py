"""In which order many promotions can be taken off many invoices at once."""

from collections.abc import Hashable, Iterable
from itertools import groupby
from operator import itemgetter


def rounds_of(held: Iterable[tuple[int, Hashable]]) -> dict[int, int]:
    """Return the round of each promotion: after those of all that count before it on one of its invoices.

    So each round finds what the ones before have left, a promotion is granted in one round only, and there
    are no more rounds than needed: vouchers of one customer each all go into the first.

    held: [promotion and invoice, in the order in which promotions count]

    >>> rounds_of([(7, "Ann"), (7, "Bob"), (8, "Cid"), (9, "Ann"), (9, "Cid")])
    {7: 1, 8: 1, 9: 2}
    """
    rounds: dict[int, int] = {}
    last: dict[Hashable, int] = {}
    for promotion, pairs in groupby(held, key=itemgetter(0)):
        invoices = [invoice for _, invoice in pairs]
        rounds[promotion] = 1 + max(last.get(invoice, 0) for invoice in invoices)
        last.update(dict.fromkeys(invoices, rounds[promotion]))
    return rounds
