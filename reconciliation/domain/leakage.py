"""The rules of leakage, as a table: what is looked for, and what can be done about it."""

from collections.abc import Mapping
from typing import NamedTuple


class Rule(NamedTuple):
    """What a rule of leakage is called, its class, whether it tells of cost, and what a button can do.

    Each rule's query is `sql/leak_<name>.sql`.

    >>> Rule("zero price by mistake", "price").fixes
    ()
    """

    title: str
    kind: str
    fixes: tuple[str, ...] = ()
    tells_cost: bool = False


RULES: Mapping[str, Rule] = {
    # name                    title                                            class       fixes
    "running_not_billed": Rule("running, but not billed", "missing", ("rate_again", "mediate_again")),
    "billed_after_end": Rule("billed after decommission", "extra", ("rate_again", "credit")),
    "used_without_price": Rule("used without a price in the account's currency", "price", ("rate_again",)),
    "price_ending": Rule("price about to end", "price"),
    "zero_price": Rule("zero price by mistake", "price"),
    "missing_hours": Rule("missing hours", "quantity", ("mediate_again",)),
    "negative_margin": Rule("negative margin", "price", tells_cost=True),
    "discount_past_end": Rule("discount past its end", "price"),
    "unbilled_charges": Rule("charges not billed for a period", "late"),
    "unrated_too_long": Rule("not rated for a day", "late", ("mediate_again", "rate_again")),
}
RULES_THAT_TELL_COST = tuple(name for name, rule in RULES.items() if rule.tells_cost)
