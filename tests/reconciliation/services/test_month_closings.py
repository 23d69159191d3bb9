"""From open to closed: who, when, what is missing, and what stays as it was."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.db import DatabaseError, transaction

from catalogue.models import Company, User
from invoicing.domain.credits import CreditRequest
from invoicing.models import Document, Invoice
from invoicing.services.credit_notes import credit_invoice
from metering.models import Charge
from reconciliation.domain.margin import Margin
from reconciliation.models import Finding, MonthClosing, ReconciliationRun
from reconciliation.selectors.margin import margin_of
from reconciliation.selectors.month_closings import month_checks
from reconciliation.services.month_closings import CannotTakeClosingStep, take_closing_step
from reconciliation.services.reconciling import reconcile
from tests.factories.stories import told

pytestmark = pytest.mark.django_db
JANUARY = date(2026, 1, 1)
NOON = datetime(2026, 2, 10, 12, tzinfo=UTC)


@pytest.fixture
def person():
    return User.objects.create_superuser("closer")


def step(name, person, at=NOON):
    office = Company.objects.select_related("parent").get(code="US1")
    return take_closing_step(company=office, month=JANUARY, step=name, person=person, at=at)


def to_do():
    office = Company.objects.select_related("parent").get(code="US1")
    return [check.name for check in month_checks(company=office, month=JANUARY) if not check.is_done]


def finish():
    """Do what is left after the bill run: PDFs and a reconciliation."""
    office = Company.objects.get(code="US1")
    for invoice in Invoice.objects.filter(month=JANUARY):
        Document.objects.create(
            invoice=invoice, file=ContentFile(b"%PDF", name="i.pdf"), sha256="0" * 64, size=4
        )
    level = ReconciliationRun.Level.RATED_TO_INVOICED
    reconcile(company=office, month=JANUARY, level=level, at=NOON)


def test_a_month_is_closed_when_all_is_done(person):
    told("margin-cost-corrected", until="timeline[3]")
    assert to_do() == ["documents", "reconciled"]
    with pytest.raises(CannotTakeClosingStep, match="US1 2026-01 is open, and not soft-closed"):
        step("close", person)
    soft = step("soft_close", person)
    assert (soft.state, soft.soft_closed_by, soft.soft_closed_at) == ("soft_closed", person, NOON)
    with pytest.raises(CannotTakeClosingStep, match=r"wait for their PDF.*Nothing was compared"):
        step("close", person)
    finish()
    assert to_do() == []
    closed = step("close", person)
    assert (closed.state, closed.closed_by, closed.closed_at) == ("closed", person, NOON)
    assert closed.earned == Margin("USD", Decimal("66.96"), Decimal("38.69"))


def test_a_month_that_is_not_billed_is_not_soft_closed(person):
    told("margin-two-books", until="timeline[1]")
    with pytest.raises(CannotTakeClosingStep, match="There is no bill run: start one"):
        step("soft_close", person)
    assert not MonthClosing.objects.exclude(state="open").exists()


def test_a_soft_closed_month_opens_again_and_a_closed_one_never(person):
    told("margin-two-books")
    step("soft_close", person)
    assert step("soft_close", User.objects.create_superuser("late"), datetime(2026, 3, 1, tzinfo=UTC)) == (
        MonthClosing.objects.get(soft_closed_by=person, soft_closed_at=NOON)
    )
    assert step("reopen", person).soft_closed_by is None
    step("soft_close", person)
    finish()
    step("close", person)
    with pytest.raises(CannotTakeClosingStep, match="is closed, and not soft-closed"):
        step("reopen", person)
    with pytest.raises(DatabaseError), transaction.atomic():
        MonthClosing.objects.update(revenue=1)


def test_corrections_go_to_the_next_month_and_what_was_closed_stays(person):
    """The cost of January grows by 2.23 in February; a credit note of 1.00 lowers January as billed."""
    told("margin-cost-corrected", until="timeline[3]")
    finish()
    step("soft_close", person)
    step("close", person)
    office = Company.objects.select_related("parent").get(code="US1")
    january = Charge.objects.filter(month=JANUARY).order_by("pk").values()
    before = list(january)
    credit_invoice(
        invoice=Invoice.objects.get(month=JANUARY),
        request=CreditRequest(amount=Decimal("1.00")),
        request_id="late",
        issued_on=date(2026, 2, 20),
        reason="goodwill",
    )
    assert margin_of(company=office, month=JANUARY).revenue == Decimal("65.96")
    closed = MonthClosing.objects.get()
    assert (closed.revenue, closed.cost) == (Decimal("66.96"), Decimal("38.69"))
    assert list(january.all()) == before


def test_an_open_finding_keeps_a_month_from_being_closed(person):
    told("margin-two-books")
    finish()
    office = Company.objects.get(code="US1")
    Finding.objects.create(
        company=office,
        level="rated_to_invoiced",
        month=JANUARY,
        key="k",
        kind="missing",
        difference=1,
        currency="USD",
        opened_at=NOON,
        seen_at=NOON,
    )
    step("soft_close", person)
    with pytest.raises(CannotTakeClosingStep, match="1 findings are open"):
        step("close", person)
    Finding.objects.update(state="accepted")
    assert step("close", person).state == "closed"
