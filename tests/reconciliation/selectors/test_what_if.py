"""A month's real usage with other prices: the same charges as if these had been in the book."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from catalogue.domain.price_models import Graduated, PerUnit, Stairstep, Tier
from catalogue.domain.terms import PriceTerms
from catalogue.models import Company, Currency, Price, PriceImport, Product, User
from catalogue.services.price_import import check_price_import
from catalogue.services.prices import enter_price
from metering.models import AccountPeriod, Charge, RatingRun
from metering.services.rating import rate_periods
from reconciliation.domain.what_if import InvalidRule, PriceRule, rounding
from reconciliation.selectors.what_if import NothingToTry, TooMuchToTry, what_if_rule
from reconciliation.selectors.what_if_imports import impact_of_import
from reconciliation.services.price_drafts import request_price_draft
from tests.factories.stories import told

pytestmark = pytest.mark.django_db
JANUARY = date(2026, 1, 1)
AS_OF = datetime(2026, 4, 1, tzinfo=UTC)


@pytest.fixture
def root():
    return User.objects.create_superuser("root")


def ask(company, month=JANUARY, **rule):
    return what_if_rule(
        company=Company.objects.select_related("parent").get(code=company),
        month=month,
        rule=PriceRule(**rule),
        as_of=AS_OF,
    )


def figures(change):
    return [
        str(side)
        for side in (change.before.revenue, change.after.revenue, change.before.cost, change.after.cost)
    ]


def test_ten_percent_more():
    """744 * 0.09 = 66.96; 744 * 0.099 = 73.656 -> 73.66; the cost stays at 38.69."""
    told("margin-two-books")
    before = list(Charge.objects.order_by("pk").values())
    runs = RatingRun.objects.count()
    found = ask("US1", kind="percent", percent=Decimal(10))
    (product,) = found.products
    assert (product.key, found.currency) == ("VM", "USD")
    assert figures(product) == ["66.96", "73.66", "38.69", "38.69"]
    assert [figures(account) for account in found.accounts] == [figures(product)]
    assert (product.revenue, product.margin) == (Decimal("6.70"), Decimal("6.70"))
    assert list(Charge.objects.order_by("pk").values()) == before
    assert (RatingRun.objects.count(), Price.objects.filter(unit_price="0.099").exists()) == (runs, False)


def test_a_target_margin_raises_what_earns_less():
    """38.69 / (1 - 0.5) = 77.38: 0.09 * 77.38 / 66.96 = 0.104005, 744 times that is 77.379720."""
    told("margin-two-books")
    (product,) = ask("US1", kind="target", percent=Decimal(50)).products
    assert figures(product) == ["66.96", "77.38", "38.69", "38.69"]
    assert product.after.percent == Decimal("50.00")
    with pytest.raises(NothingToTry):
        ask("US1", kind="target", percent=Decimal(40))


def test_three_offices_currencies_are_converted_at_the_month_s_end():
    """The last rate by 31 January is 1.07: 66.96 * 1.07 = 71.6472 an account, 214.94 all."""
    told("margin-two-currencies")
    found = ask("DE1", kind="percent", percent=Decimal(-50))
    assert figures(found.products[0]) == ["214.94", "107.47", "116.07", "116.07"]
    assert [figures(account)[:2] for account in found.accounts] == [["71.65", "35.82"]] * 3
    assert figures(found.whole) == figures(found.products[0])
    assert figures(rounding(found.whole, found.accounts))[:2] == ["-0.01", "0.01"]


def test_what_a_minimum_makes_up_counts():
    """420.37 used of at least 500.00; ten percent more are 462.41 of at least 550.00."""
    told("price-minimum")
    found = ask("US1", month=date(2026, 3, 1), kind="percent", percent=Decimal(10))
    assert figures(found.whole)[:2] == ["500.00", "550.00"]


def test_all_money_of_a_price_is_scaled_and_nothing_else():
    """Fees, tiers, packages and minimums grow with the factor; what is included does not."""
    told("price-other-models")
    company = Company.objects.get(accounts__isnull=False)
    month = Charge.objects.latest("month").service_month
    found = what_if_rule(
        company=company, month=month, rule=PriceRule("percent", Decimal(100), decimals=12), as_of=AS_OF
    )
    assert found.products
    for product in found.products:
        assert product.after.revenue == pytest.approx(2 * product.before.revenue, abs=Decimal("0.02"))


@pytest.mark.parametrize(
    "rule",
    [{"kind": "percent", "percent": Decimal(-100)}, {"kind": "target", "percent": Decimal(100)}],
    ids=["all-off", "no-cost"],
)
def test_a_rule_that_no_price_can_follow(rule):
    with pytest.raises(InvalidRule):
        PriceRule(**rule)


def test_a_rule_for_nothing():
    told("margin-two-books")
    with pytest.raises(NothingToTry):
        ask("US1", kind="percent", percent=Decimal(1), product="OTHER")
    with pytest.raises(NothingToTry):
        ask("US1", kind="percent", percent=Decimal(1), family="Storage")


def test_a_month_too_large_for_a_page(monkeypatch):
    told("margin-two-books")
    monkeypatch.setattr("reconciliation.selectors.what_if.MOST_CHARGES", 0)
    with pytest.raises(TooMuchToTry):
        ask("US1", kind="percent", percent=Decimal(1))


def test_the_draft_has_the_tried_prices_and_its_impact_is_the_same(root):
    """What was tried becomes a checked price file; its page shows the figures of the what-if."""
    told("margin-two-books")
    rule = PriceRule("percent", Decimal(10))
    company = Company.objects.select_related("parent").get(code="US1")
    tried = ask("US1", kind="percent", percent=Decimal(10))
    draft = checked(
        request_price_draft(
            company=company,
            month=JANUARY,
            rule=rule,
            effective=date(2026, 4, 1),
            requested_by=root,
            requested_at=AS_OF,
        )
    )
    (change,) = draft.price_changes.all()
    assert (change.unit_price, change.change_percent) == (Decimal("0.099"), Decimal("10.00"))
    impact = impact_of_import(caller=root, price_import=draft, as_of=AS_OF)
    assert impact == tried
    enter(company, "0.099")
    assert rated_again(company) == tried.products[0].after.revenue


def checked(draft: PriceImport) -> PriceImport:
    with draft.file.open("rb") as file:
        found = check_price_import(price_import=draft, file=file.file, checked_at=AS_OF)
    assert found.state == PriceImport.State.CHECKED, list(found.findings.values_list("sentence", flat=True))
    return found


def enter(company, price):
    enter_price(
        company=company,
        product=Product.objects.get(sku="VM"),
        currency=company.currency,
        terms=PriceTerms(PerUnit(Decimal(price))),
        valid_from=datetime(2025, 1, 2, tzinfo=UTC),
        entered_at=AS_OF,
    )


def rated_again(company):
    """What rating makes of January with the price in the book: the closed month and its difference."""
    periods = AccountPeriod.objects.filter(account__company=company, month=JANUARY).values_list(
        "pk", flat=True
    )
    rate_periods(list(periods), as_of=AS_OF)
    charges = Charge.objects.filter(company_id=company.pk, side="sell", service_month=JANUARY)
    return sum(charge.net_amount for charge in charges)


def test_tiers_go_into_the_draft(root):
    told("margin-two-books")
    company = Company.objects.get(code="US1")
    terms = [
        ("VM", Graduated((Tier(Decimal(100), Decimal("0.1"), Decimal(1)), Tier(None, Decimal("0.05"))))),
        ("STEP", Stairstep((Tier(Decimal(10), None, Decimal(5)), Tier(None, None, Decimal(8))))),
    ]
    Product.objects.create(sku="STEP", unit="GB", kind="usage")
    for sku, model in terms:
        enter_price(
            company=company,
            product=Product.objects.get(sku=sku),
            currency=Currency.objects.get(code="USD"),
            terms=PriceTerms(model),
            valid_from=datetime(2025, 6, 1, tzinfo=UTC),
            entered_at=AS_OF,
        )
    draft = checked(
        request_price_draft(
            company=company,
            month=JANUARY,
            rule=PriceRule("percent", Decimal(100)),
            effective=date(2026, 4, 1),
            requested_by=root,
            requested_at=AS_OF,
        )
    )
    tiers = {change.product.sku: change.tiers for change in draft.price_changes.all()}
    doubled = {
        sku: [[Fraction(str(cell)) if cell is not None else None for cell in tier] for tier in rows]
        for sku, rows in tiers.items()
    }
    assert doubled["VM"] == [[100, Fraction("0.2"), 2], [None, Fraction("0.1"), 0]]
    assert [tier[2] for tier in doubled["STEP"]] == [10, 16]
    found = ask("US1", kind="percent", percent=Decimal(100))
    assert figures(found.products[0])[:2] == ["43.20", "86.40"]
