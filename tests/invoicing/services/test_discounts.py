"""Set-based discounts are those of catalogue/domain/discounts.py, however many invoices and promotions."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.domain.discounts import DiscountableLine, PromotionTerms, discount_lines
from catalogue.models import Account, Currency, Product, Promotion
from invoicing.models import Invoice, InvoiceLine
from invoicing.services.discounts import RedemptionsUsedUp, count_drafted_redemptions, draft_discounts
from tests.factories.invoices import Line, account, company, currency, draft_invoice

pytestmark = pytest.mark.django_db
MONTH = date(2023, 9, 1)
SKUS = ("RACK", "BOOK", "DISK")
FAMILIES = {"RACK": "Hosting", "BOOK": "Paper", "DISK": "Hosting"}


@dataclass(frozen=True)
class Offer:
    """A promotion in a form that an example prints well; `holders` are positions of accounts."""

    percent: int | None
    amount: int | None
    skus: frozenset[str]
    families: frozenset[str]
    max_redemptions: int | None
    holders: frozenset[int]


OFFERS = st.builds(
    lambda value, is_percent, skus, families, limit, holders: Offer(
        value if is_percent else None, None if is_percent else value * 7, skus, families, limit, holders
    ),
    st.integers(1, 100),
    st.booleans(),
    st.frozensets(st.sampled_from(SKUS), max_size=2),
    st.frozensets(st.sampled_from(["Hosting", "Paper"]), max_size=1),
    st.sampled_from([None, None, 0, 1, 2]),
    st.frozensets(st.integers(0, 3)),
)
LINES = st.lists(
    st.tuples(
        st.sampled_from(SKUS), st.sampled_from(["standard", "reduced", "zero"]), st.integers(0, 20_000)
    ),
    max_size=5,
)


def drafts(month_of_lines, minor_units):
    """Draft an invoice a list of lines, each for an account of its own, in order of their codes."""
    seller = company()
    money = Currency.objects.create(code="XTS", name="XTS", minor_units=minor_units)
    products = {
        sku: Product.objects.create(sku=sku, unit="each", kind="one_time", family=FAMILIES[sku])
        for sku in SKUS
    }
    invoices = []
    for number, lines in enumerate(month_of_lines):
        holder = account(f"a{number}", of=seller, currency=money)
        invoices.append(
            draft_invoice(
                holder,
                lines=[
                    Line(str(units_of(units, minor_units)), sku=sku, family=FAMILIES[sku], tax_category=taxed)
                    for sku, taxed, units in lines
                ],
            )
        )
    for sku, product in products.items():
        InvoiceLine.objects.filter(sku=sku).update(product_id=product.pk)
    return invoices, products


def units_of(minor_units, places):
    return Decimal(minor_units).scaleb(-places)


def promotions(offers, invoices, products, minor_units):
    made = []
    for position, offer in enumerate(offers):
        promotion = Promotion.objects.create(
            company=company(),
            code=f"P{position}",
            position=position,
            percent=offer.percent,
            amount=None if offer.amount is None else units_of(offer.amount, minor_units),
            currency=None if offer.amount is None else Currency.objects.get(code="XTS"),
            families=sorted(offer.families),
            valid_from=MONTH,
            max_redemptions=offer.max_redemptions,
        )
        promotion.products.set([products[sku] for sku in offer.skus])
        promotion.accounts.set(
            [invoices[holder].account for holder in offer.holders if holder < len(invoices)]
        )
        made.append(promotion)
    return made


def reference(month_of_lines, offers, minor_units):
    """Take the promotions off one invoice after the other, in order of the accounts' codes."""
    left = {number: offer.max_redemptions for number, offer in enumerate(offers)}
    expected = []
    for holder, lines in enumerate(month_of_lines):
        discountable = [
            DiscountableLine(sku, taxed, units_of(units, minor_units), FAMILIES[sku])
            for sku, taxed, units in lines
        ]
        terms = [
            PromotionTerms(
                f"P{number}",
                None if offer.percent is None else Decimal(offer.percent),
                None if offer.amount is None else units_of(offer.amount, minor_units),
                offer.skus,
                offer.families,
            )
            for number, offer in enumerate(offers)
            if holder in offer.holders and left[number] != 0
        ]
        discounts = discount_lines(discountable, terms, minor_units)
        for code in {discount.code for discount in discounts}:
            if left[int(code[1:])] is not None:
                left[int(code[1:])] -= 1
        expected.append([(discount.code, discount.tax_category, discount.amount) for discount in discounts])
    return expected, left


def drafted(invoice):
    lines = InvoiceLine.objects.filter(invoice_id=invoice.pk, kind="discount").order_by("position")
    return [(line.description, line.tax_category, line.net_amount) for line in lines]


@settings(max_examples=60)
@given(st.lists(LINES, min_size=1, max_size=4), st.lists(OFFERS, max_size=4), st.sampled_from([0, 2, 3]))
def test_sets_and_single_invoices_agree(month_of_lines, offers, minor_units):
    with transaction.atomic():
        invoices, products = drafts(month_of_lines, minor_units)
        made = promotions(offers, invoices, products, minor_units)
        accounts = [invoice.account_id for invoice in invoices]
        draft_discounts(accounts=accounts, month=MONTH, with_limited=True)
        count_drafted_redemptions(accounts=accounts, month=MONTH)

        expected, left = reference(month_of_lines, offers, minor_units)
        assert [drafted(invoice) for invoice in invoices] == expected
        for promotion, remaining in zip(made, left.values(), strict=True):
            promotion.refresh_from_db()
            assert remaining is None or promotion.max_redemptions - promotion.redemptions == remaining
        transaction.set_rollback(True)


def hold(*invoices: Invoice, **terms) -> Promotion:
    promotion = Promotion.objects.create(
        **{"company": company(), "code": "TEN", "percent": Decimal(10), "valid_from": MONTH} | terms
    )
    promotion.accounts.set([invoice.account for invoice in invoices])
    return promotion


def discount(*invoices: Invoice, with_limited: bool = True) -> list[str]:
    accounts = [invoice.account_id for invoice in invoices]
    draft_discounts(accounts=accounts, month=MONTH, with_limited=with_limited)
    lines = InvoiceLine.objects.filter(kind="discount").order_by("invoice_id", "position")
    return [f"{line.net_amount:.2f}" for line in lines]


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "expected"),
    [
        (date(2023, 9, 1), None, ["-10.00"]),
        (date(2023, 9, 2), None, []),
        (date(2023, 1, 1), date(2023, 9, 2), ["-10.00"]),
        (date(2023, 1, 1), date(2023, 9, 1), []),
    ],
    ids=["from the first day", "from the second day", "until after the first day", "until the first day"],
)
def test_the_first_day_of_the_month_decides(valid_from, valid_to, expected):
    invoice = draft_invoice(lines=[Line("100.00")])
    hold(invoice, valid_from=valid_from, valid_to=valid_to)
    assert discount(invoice) == expected


def test_corrections_are_not_discounted_and_true_ups_are():
    invoice = draft_invoice(
        lines=[
            Line("50.00", kind="correction"),
            Line("-20.00", kind="correction"),
            Line("7.00", kind="true_up"),
        ]
    )
    hold(invoice)
    assert discount(invoice) == ["-0.70"]


def test_an_amount_counts_only_in_its_currency():
    invoice = draft_invoice(lines=[Line("100.00")])
    hold(invoice, percent=None, amount=Decimal(5), currency=currency("USD", 2))
    assert discount(invoice) == []


def test_drafts_that_are_not_to_be_granted_limited_promotions_do_without():
    invoice = draft_invoice(lines=[Line("100.00")])
    hold(invoice, max_redemptions=5)
    assert discount(invoice, with_limited=False) == []


def test_what_takes_nothing_off_is_no_redemption():
    """Ten percent of 0.04 is 0.00: the promotion goes to the next account."""
    little, more = (
        draft_invoice(account(code), lines=[Line(amount)]) for code, amount in (("a", "0.04"), ("b", "9.00"))
    )
    once = hold(little, more, max_redemptions=1)
    assert discount(little, more) == ["-0.90"]
    count_drafted_redemptions(accounts=[little.account_id, more.account_id], month=MONTH)
    once.refresh_from_db()
    assert once.redemptions == 1
    assert [redemption.promotion for redemption in more.redemptions.all()] == [once]


def test_redemptions_that_went_elsewhere_stop_the_issue():
    invoice = draft_invoice(lines=[Line("100.00")])
    once = hold(invoice, max_redemptions=1)
    discount(invoice)
    Promotion.objects.filter(pk=once.pk).update(redemptions=1)
    with pytest.raises(RedemptionsUsedUp):
        count_drafted_redemptions(accounts=[invoice.account_id], month=MONTH)


def test_vouchers_of_many_customers_take_one_round():
    invoices = [draft_invoice(account(f"a{number}"), lines=[Line("100.00")]) for number in range(20)]
    for number, invoice in enumerate(invoices):
        hold(invoice, code=f"V{number}", max_redemptions=1)
    with CountedStatements() as few:
        assert len(discount(*invoices)) == 20
    assert few.count < 15


class CountedStatements:
    """How many statements ran inside."""

    def __enter__(self):
        self.count = 0
        self._wrapper = connection.execute_wrapper(self._note)
        self._wrapper.__enter__()
        return self

    def __exit__(self, *trouble):
        self._wrapper.__exit__(*trouble)

    def _note(self, execute, *statement):
        self.count += 1
        return execute(*statement)


def test_an_account_of_another_company_is_not_reached():
    invoice = draft_invoice(lines=[Line("100.00")])
    hold(invoice, company=company("FR"))
    assert Account.objects.count() == 1
    assert discount(invoice) == []
