"""The states of a price import, and who may move it on."""

from billing_site.common.errors import BillingError
from catalogue.models import PriceImport


class CannotPublishPrices(BillingError):
    """A price import that cannot take this step."""

    code = "cannot_publish_prices"
    is_conflict = True


def books_of(price_import: PriceImport) -> list[int]:
    """Return the companies whose books an import may write to: the one whose file it is and its offices."""
    company = price_import.company
    return [company.pk, *company.sales_offices.values_list("pk", flat=True)]


def held(price_import: PriceImport) -> PriceImport:
    """Return the import as it is now, held until the transaction ends."""
    return (
        PriceImport.objects.select_for_update(of=("self",))
        .select_related("company__parent", "uploaded_by")
        .get(pk=price_import.pk)
    )


def require_state(price_import: PriceImport, verb: str, *states: str) -> None:
    """Raise CannotPublishPrices unless the import is in one of these states."""
    if price_import.state not in states:
        raise CannotPublishPrices(
            f"{price_import} is {price_import.get_state_display()}, so nobody can {verb} it; "
            "upload the corrected file as a new one."
        )


def require_approval(price_import: PriceImport) -> None:
    """Raise CannotPublishPrices if a second person must approve the import and has not."""
    if price_import.needs_approval and price_import.approved_by_id is None:
        raise CannotPublishPrices(
            f"{price_import} waits for approval: somebody other than "
            f"{price_import.uploaded_by or 'its sender'} must approve it."
        )
