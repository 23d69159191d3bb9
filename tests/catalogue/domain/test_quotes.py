from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from catalogue.domain.discounts import PromotionTerms
from catalogue.domain.price_models import Graduated, Percentage, PerUnit, Tier
from catalogue.domain.quotes import QuotedItem, QuotedMargin, by_month, net_of, quote_invoice, quote_lines
from catalogue.domain.tax import TaxRate
from catalogue.domain.tax_treatments import TaxTreatment
from catalogue.domain.terms import PriceTerms

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
TIERS = Graduated((Tier(Decimal(100), Decimal("0.10")), Tier(None, Decimal("0.05"))))
POOLED = PriceTerms(TIERS, scope="account")
VAT = TaxRate("GB", "standard", "VAT", Decimal(20), date(2020, 1, 1))


def item(position, quantity, terms, *, month=MARCH, price_id=1, **fields):
    standard = {"sku": "VM", "family": "Compute", "tax_category": "standard", "records": 1}
    return QuotedItem(
        position=position,
        month=month,
        quantity=Fraction(quantity),
        price_id=price_id,
        terms=terms,
        **(standard | fields),
    )


def shown(lines):
    return [(line.positions, line.kind, str(line.quantity), str(line.net_amount)) for line in lines]


def invoice(lines, *promotions, mode="half_up", rates=(VAT,)):
    return quote_invoice(
        MARCH,
        lines,
        promotions=promotions,
        rates=rates,
        country="GB",
        issued_on=APRIL,
        minor_units=2,
        mode=mode,
    )


def test_each_item_is_a_charge_of_its_own():
    terms = PriceTerms(TIERS)
    lines = quote_lines([item(0, 80, terms), item(1, 120, terms)], 2)
    assert shown(lines) == [((0,), "charge", "80", "8.00"), ((1,), "charge", "120", "11.00")]


def test_items_of_one_price_for_the_account_are_one_charge_in_a_month():
    items = [
        item(0, 80, POOLED),
        item(1, 10, POOLED, price_id=2),
        item(2, 120, POOLED),
        item(3, 120, POOLED, month=APRIL),
    ]
    assert shown(quote_lines(items, 2)) == [
        ((0, 2), "charge", "200", "15.00"),
        ((1,), "charge", "10", "1.00"),
        ((3,), "charge", "120", "11.00"),
    ]


def test_a_line_explains_itself():
    (line,) = quote_lines([item(0, 150, PriceTerms(TIERS, included=Decimal(20), cap=Decimal(11)))], 2)
    assert [(step.label, str(step.amount)) for step in line.steps] == [
        ("included", "0"),
        ("tier 1: up to 100", "10"),
        ("tier 2: above 100", "3/2"),
        ("cap", "-1/2"),
    ]
    assert (line.amount, line.net_amount, line.unit_price) == (11, Decimal("11.00"), None)


def test_a_minimum_is_made_up_by_a_line_of_its_own():
    terms = PriceTerms(PerUnit(Decimal("0.01")), minimum=Decimal("500.00"))
    charge, missing = quote_lines([item(0, 42037, terms)], 2)
    assert (charge.net_amount, charge.unit_price) == (Decimal("420.37"), Decimal("0.01"))
    assert (missing.kind, missing.net_amount, missing.quantity) == ("true_up", Decimal("79.63"), 0)
    assert missing.positions == charge.positions


def test_no_quantity_costs_nothing_whatever_the_records():
    market = PriceTerms(Percentage(Decimal("2.5"), Decimal("0.30")), minimum=Decimal(5))
    assert shown(quote_lines([item(0, 0, market, records=3)], 2)) == [((0,), "charge", "0", "0.00")]
    assert shown(quote_lines([item(0, 100, market, records=20)], 2)) == [((0,), "charge", "100", "8.50")]


def test_an_amount_is_rounded_once_to_the_currency():
    third = PriceTerms(PerUnit(Decimal("0.015")))
    assert [
        str(quote_lines([item(0, Fraction(1, 3), third)], places)[0].net_amount) for places in (0, 2, 3)
    ] == [
        "0",
        "0.01",
        "0.005",
    ]


def test_discounts_come_off_before_tax_by_category():
    lines = quote_lines(
        [
            item(0, 120, PriceTerms(PerUnit(Decimal(1)))),
            item(1, 80, PriceTerms(PerUnit(Decimal(1))), sku="BOOK", family="", tax_category="reduced"),
        ],
        2,
    )
    reduced = replace(VAT, category="reduced", percent=Decimal(5))
    quoted = invoice(lines, PromotionTerms("FIFTY", amount=Decimal("50.00")), rates=[VAT, reduced])
    assert [(discount.tax_category, str(discount.amount)) for discount in quoted.discounts] == [
        ("reduced", "-20.00"),
        ("standard", "-30.00"),
    ]
    assert [(tax.category, str(tax.taxable_amount), str(tax.tax_amount)) for tax in quoted.taxes] == [
        ("reduced", "60.00", "3.00"),
        ("standard", "90.00", "18.00"),
    ]
    assert (quoted.net_amount, quoted.tax_amount) == (Decimal("150.00"), Decimal("21.00"))


def test_a_promotion_of_a_family():
    lines = quote_lines([item(0, 100, PriceTerms(PerUnit(Decimal(1))))], 2)
    of_others = PromotionTerms("S", Decimal(10), families=frozenset(["Storage"]))
    of_these = PromotionTerms("C", Decimal(10), families=frozenset(["Compute"]))
    assert [discount.code for discount in invoice(lines, of_others, of_these).discounts] == ["C"]


def test_tax_is_rounded_as_the_company_rounds():
    lines = quote_lines([item(0, 1, PriceTerms(PerUnit(Decimal("0.99"))))], 2)
    assert invoice(lines).tax_amount == Decimal("0.20")
    assert invoice(lines, mode="down").tax_amount == Decimal("0.19")


def test_lines_by_month_and_their_sum():
    terms = PriceTerms(PerUnit(Decimal(1)))
    lines = quote_lines([item(0, 3, terms, month=APRIL), item(1, 2, terms)], 2)
    assert {month: net_of(of_month) for month, of_month in by_month(lines).items()} == {MARCH: 2, APRIL: 3}
    assert list(by_month(lines)) == [MARCH, APRIL]
    assert net_of([]) == 0


def test_no_margin_in_percent_without_revenue():
    assert QuotedMargin(Decimal(0), Decimal("3.00")).percent is None
    assert QuotedMargin(Decimal("2.00"), Decimal("3.00")).percent == Decimal("-50.00")


def test_a_customer_who_owes_the_tax_is_quoted_without_it():
    lines = quote_lines(
        [item(0, 100, PriceTerms(TIERS)), item(1, 10, PriceTerms(TIERS), tax_category="exempt")], 2
    )
    quoted = quote_invoice(
        MARCH,
        lines,
        promotions=[],
        rates=[VAT, replace(VAT, category="reverse_charge")],
        treatments=[TaxTreatment("reverse_charge", MARCH)],
        country="GB",
        issued_on=APRIL,
        minor_units=2,
        mode="half_up",
    )
    assert [(tax.category, str(tax.taxable_amount), str(tax.tax_amount)) for tax in quoted.taxes] == [
        ("exempt", "1.00", "0.00"),
        ("reverse_charge", "10.00", "0.00"),
    ]
