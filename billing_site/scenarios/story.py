"""A story while it is told: what has happened by now, and what was found to be as expected or not."""

from dataclasses import dataclass
from datetime import UTC, datetime

from billing_site.common.errors import BillingError
from billing_site.scenarios.outcome import Check, Outcome
from billing_site.scenarios.scenario import Scenario
from billing_site.scenarios.values import AccountCode, CompanyCode, InvoiceReference
from catalogue.models import Account, Company
from invoicing.models import Invoice

# Earlier than every story: what stands above a timeline was entered before it begins.
BEFORE_EVERY_STORY = datetime(2000, 1, 1, tzinfo=UTC)


class NoInvoice(BillingError):
    """A step about an invoice that no bill run issued."""

    code = "no_invoice"


class NotBuilt(BillingError):
    """The product cannot do yet what a scenario asks of it."""

    code = "not_built"

    def __init__(self, what: str) -> None:
        super().__init__(f"not built: {what}")


@dataclass(slots=True)
class Story:
    """The scenario, the latest instant told so far and the outcome; `where` is the step being told."""

    scenario: Scenario
    outcome: Outcome
    now: datetime = BEFORE_EVERY_STORY
    where: str = ""

    def is_now(self, instant: datetime) -> None:
        """Move the clock; it never goes back when the file tells what was received earlier."""
        self.now = max(self.now, instant)

    def check(self, differences: list[str], about: object = "") -> None:
        """Note an expectation of this step, with what differs from it."""
        self.outcome.checks.append(Check(f"{self.where} {about}".rstrip(), differences))

    def company(self, code: CompanyCode | str) -> Company:
        return Company.objects.get(code=code)

    def account(self, code: AccountCode) -> Account:
        return Account.objects.select_related("company").get(code=code)

    def invoice(self, reference: InvoiceReference) -> Invoice:
        """The account's issued invoice for a period. Raises NoInvoice."""
        issued = Invoice.objects.select_related("company").filter(
            account__code=reference.account, month=reference.month, state=Invoice.State.ISSUED
        )
        if (invoice := issued.first()) is None:
            raise NoInvoice(f"there is no invoice {reference}")
        return invoice
