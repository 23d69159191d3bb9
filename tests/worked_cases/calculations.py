"""How a row of cases.jsonl is calculated with the domains: one function for each model of the table."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from catalogue.domain.cycles import annual_cycles
from catalogue.domain.discounts import DiscountableLine, PromotionTerms, discount_lines
from catalogue.domain.money import Currency, convert, cross_rate
from catalogue.domain.periods import Cycle, Period, local_date, local_midnight
from catalogue.domain.price import price_quantity, true_up
from catalogue.domain.price_models import (
    Graduated,
    Package,
    Percentage,
    PerUnit,
    PriceModel,
    Tier,
    Volume,
)
from catalogue.domain.rounding import allocate, round_money
from catalogue.domain.terms import PriceTerms
from metering.domain.proration import billed_part, prorated_fee

Inputs = dict[str, Any]
Results = dict[str, Any]


def optional(number: str | None) -> Decimal | None:
    return None if number is None else Decimal(number)


def day(text: str) -> date:
    return date.fromisoformat(text)


def tiers_of(inputs: Inputs) -> tuple[Tier, ...]:
    return tuple(
        Tier(optional(tier["up_to"]), Decimal(tier["unit_price"]), Decimal(tier["flat"]))
        for tier in inputs["tiers"]
    )


def amount_of(model: PriceModel, inputs: Inputs) -> Results:
    """Price the quantity; what was billed of it before is subtracted, as a correction is (rule 8)."""
    terms = PriceTerms(model, included=Decimal(inputs.get("free_units", "0")))
    quantity = Fraction(inputs["quantity"])
    amount = price_quantity(terms, quantity).amount
    before = price_quantity(terms, Fraction(inputs.get("previous_quantity", "0"))).amount
    return {"amount": amount - before, "average_unit_price": amount / quantity if quantity else None}


def per_unit(inputs: Inputs) -> Results:
    return amount_of(PerUnit(Decimal(inputs["unit_price"])), inputs)


def graduated(inputs: Inputs) -> Results:
    return amount_of(Graduated(tiers_of(inputs)), inputs)


def volume(inputs: Inputs) -> Results:
    return amount_of(Volume(tiers_of(inputs)), inputs)


def package(inputs: Inputs) -> Results:
    return amount_of(Package(Decimal(inputs["package_size"]), Decimal(inputs["package_price"])), inputs)


def graduated_percentage(inputs: Inputs) -> Results:
    """The quantity is money: a percent of each unit is its unit price."""
    tiers = tuple(
        Tier(optional(tier["up_to"]), Decimal(tier["rate_percent"]) / 100, Decimal(tier["flat"]))
        for tier in inputs["tiers"]
    )
    return amount_of(Graduated(tiers), inputs)


def percentage(inputs: Inputs) -> Results:
    model = Percentage(Decimal(inputs["rate_percent"]), Decimal(inputs.get("fixed_fee_per_transaction", "0")))
    values = [Fraction(value) for value in inputs["transactions"]]
    return {"amount": price_quantity(PriceTerms(model), sum(values, Fraction(0)), records=len(values)).amount}


def cost_plus(inputs: Inputs) -> Results:
    """A multiplier of 1.33333 is 133.333 percent of the cost."""
    terms = PriceTerms(Percentage(Decimal(inputs["multiplier"]) * 100))
    cost = price_quantity(terms, Fraction(inputs["cost"]), records=1)
    return {"amount": round_money(cost.amount, inputs["currency_decimals"])}


def blocks(inputs: Inputs) -> PriceModel:
    """Blocks of one size are packages, blocks of one unit are units; the last limit is not reached."""
    tiers = inputs["tiers"]
    if len(tiers) == 1:
        return Package(Decimal(tiers[0]["block_size"]), Decimal(tiers[0]["block_price"]))
    assert {tier["block_size"] for tier in tiers} == {"1"}
    upper, bounds = Decimal(0), []
    for tier in tiers:
        upper += Decimal(tier["max_blocks"])
        bounds.append(upper)
    assert Decimal(inputs["quantity"]) <= upper
    prices = [Decimal(tier["block_price"]) for tier in tiers]
    contiguous = tuple(map(Tier, [*bounds[:-1], None], prices))
    return Graduated(contiguous) if inputs["mode"] == "all_tiers" else Volume(contiguous)


def block_tiers(inputs: Inputs) -> Results:
    return amount_of(blocks(inputs), inputs)


def incremental_rebill(inputs: Inputs) -> Results:
    """Rule 8: what it should be less what was billed, both rounded."""
    terms = PriceTerms(blocks(inputs))
    decimals = inputs.get("currency_decimals", 2)
    now = round_money(price_quantity(terms, Fraction(inputs["quantity"])).amount, decimals)
    if "already_billed_amount" in inputs:
        billed = Decimal(inputs["already_billed_amount"])
    else:
        billed = round_money(
            price_quantity(terms, Fraction(inputs["already_billed_quantity"])).amount, decimals
        )
    return {"amount_of_new_item": now - billed}


def min_max_spend(inputs: Inputs) -> Results:
    """The charge and its true-up, less what was billed of the same period."""
    models: dict[str, Callable[[], PriceModel]] = {
        "per_unit": lambda: PerUnit(Decimal(inputs["unit_price"])),
        "graduated": lambda: Graduated(tiers_of(inputs)),
        "volume": lambda: Volume(tiers_of(inputs)),
    }
    terms = PriceTerms(
        models[inputs["price_model"]](),
        cap=optional(inputs.get("maximum")),
        minimum=optional(inputs.get("minimum")),
    )
    priced = price_quantity(terms, Fraction(inputs["quantity"]))
    due = round_money(priced.amount, 2) + true_up(terms, priced, 2)
    return {"amount": due - Decimal(inputs.get("previously_billed", "0"))}


def free_units(inputs: Inputs) -> Results:
    """A price of 1 shows which units are billed; those of the invoice before are subtracted."""
    terms = PriceTerms(PerUnit(Decimal(1)), included=Decimal(inputs["free_units"]))
    before = Fraction(inputs["previous_quantity"])
    total = before + Fraction(inputs["quantity_of_this_line"])
    billable = price_quantity(terms, total).amount - price_quantity(terms, before).amount
    return {"billable_quantity": billable, "free_units_used_by_this_line": total - before - billable}


def per_second(inputs: Inputs) -> Results:
    period = Period(datetime.fromisoformat(inputs["start"]), datetime.fromisoformat(inputs["end"]))
    model = Package(Decimal(inputs["increment_seconds"]), Decimal(inputs["price_per_increment"]))
    return {"amount": price_quantity(PriceTerms(model), period.hours * 3600).amount}


def allocation(inputs: Inputs) -> Results:
    items = inputs["items"]
    if inputs.get("tie") == "key":
        items = sorted(items, key=lambda item: item["key"])
    weights = [Decimal(item["weight"]) for item in items]
    shares = allocate(Decimal(inputs["amount"]), weights, inputs["decimals"])
    return {"shares": {item["key"]: share for item, share in zip(items, shares, strict=True)}}


def coupons(inputs: Inputs) -> Results:
    line = DiscountableLine("SKU", "standard", Decimal(inputs["subtotal"]))
    promotions = [
        PromotionTerms("COUPON", optional(coupon.get("percent")), optional(coupon.get("fixed")))
        for coupon in inputs["coupons"]
    ]
    discounts = discount_lines([line], promotions, 2)
    return {"discount": -sum(discount.amount for discount in discounts)}


def discount_over_lines(inputs: Inputs) -> Results:
    """Each line stands for a tax category of its own."""
    lines = [
        DiscountableLine("SKU", f"category {number}", Decimal(amount))
        for number, amount in enumerate(inputs["lines"])
    ]
    promotion = PromotionTerms("COUPON", amount=Decimal(inputs["discount"]))
    discounts = discount_lines(lines, [promotion], inputs["currency_decimals"])
    taken = {discount.tax_category: discount.amount for discount in discounts}
    return {"lines_after": [line.amount + taken[line.tax_category] for line in lines]}


def rounding(inputs: Inputs) -> Results:
    return {"amount": round_money(Decimal(inputs["amount"]), inputs["decimals"])}


def convert_by_pivot(inputs: Inputs) -> Results:
    """Both legs by the euro, as for a pair that is not listed."""
    legs = Decimal(inputs["from_units_per_pivot"]), Decimal(inputs["to_units_per_pivot"])
    to = Currency("XXX", inputs["decimals"])
    return {"amount": convert(Decimal(inputs["amount"]), cross_rate(*legs), to)}


def days_in_period(inputs: Inputs) -> Results:
    zone = ZoneInfo(inputs["timezone"])
    start, end = (
        local_midnight(day(inputs[key]), zone) for key in ("start_local_midnight", "end_local_midnight")
    )
    return {"days": Cycle(local_date(start, zone), local_date(end, zone)).days}


def period_share(inputs: Inputs) -> Results:
    cycle = Cycle(day(inputs["period_start"]), day(inputs["period_end"]))
    part = billed_part(day(inputs["part_from"]), day(inputs["part_to"]), cycle)
    assert part is not None
    fee = prorated_fee(Decimal(inputs["amount"]), part, cycle)
    return {"amount": round_money(fee, inputs["currency_decimals"])}


def subscription_days(inputs: Inputs) -> Results:
    cycle = Cycle(day(inputs["full_period_start"]), day(inputs["full_period_end_exclusive"]))
    part = billed_part(day(inputs["billed_from"]), day(inputs["billed_to_exclusive"]), cycle)
    assert part is not None
    cents = prorated_fee(Decimal(inputs["plan_amount_cents"]), part, cycle)
    return {"amount_cents": round_money(cents, 0), "exact_cents": cents}


def billing_cycles_in_advance(inputs: Inputs) -> Results:
    """A year is due at its start; one that the end cuts counts by its days."""
    start, end = day(inputs["start"]), day(inputs["end"])
    due = annual_cycles(start, day(inputs["invoiced_through"]) + timedelta(days=1))
    shares = [prorated_fee(Decimal(1), part, year) for year in due if (part := billed_part(start, end, year))]
    cycles = sum(shares, Fraction(0))
    return {"cycles": cycles, "cycles_9dp": cycles}


CALCULATIONS: dict[str, Callable[[Inputs], Results]] = {
    "allocate": allocation,
    "billing_cycles_in_advance": billing_cycles_in_advance,
    "block_tiers": block_tiers,
    "convert_by_pivot": convert_by_pivot,
    "cost_plus": cost_plus,
    "coupons": coupons,
    "days_in_period": days_in_period,
    "discount_over_lines": discount_over_lines,
    "free_units": free_units,
    "graduated": graduated,
    "graduated_percentage": graduated_percentage,
    "incremental_rebill": incremental_rebill,
    "min_max_spend": min_max_spend,
    "package": package,
    "per_second": per_second,
    "per_unit": per_unit,
    "percentage": percentage,
    "period_share": period_share,
    "round": rounding,
    "subscription_days": subscription_days,
    "volume": volume,
}
