"""What EN 16931 has no words for."""

from billing_site.common.errors import BillingError


class NotAnEInvoice(BillingError):
    """An invoice that the standard cannot say; the sentence is printed on it."""

    code = "not_an_e_invoice"
