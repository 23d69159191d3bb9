"""The company that a person means."""

from billing_site.common.errors import BillingError
from catalogue.models import Company


class WhichCompany(BillingError):
    """No company of that code, or no code and not just one head office."""

    code = "which_company"


def company_or_head_office(code: str | None) -> Company:
    """Return the company of a code, or the only head office; raises WhichCompany."""
    if code is not None:
        company = Company.objects.select_related("parent").filter(code=code).first()
        if company is None:
            raise WhichCompany(f"There is no company {code}: name one of the console's companies.")
        return company
    head_offices = list(Company.objects.filter(parent=None)[:2])
    if not head_offices:
        raise WhichCompany(
            "There is no company yet: add the head office and its sales offices in the console first."
        )
    if len(head_offices) > 1:
        raise WhichCompany("Say which company it is for: there is more than one head office.")
    return head_offices[0]
