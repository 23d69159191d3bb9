"""A second person looks at a change set and approves or declines it."""

from datetime import datetime

from django.db import transaction

from catalogue.models import PriceImport, User
from catalogue.services.price_import_states import CannotPublishPrices, held, require_state


@transaction.atomic
def approve_price_import(
    *, price_import: PriceImport, approved_by: User, approved_at: datetime
) -> PriceImport:
    """Let a checked change set be published; approving it again changes nothing.

    Raises CannotPublishPrices to the person who uploaded it.
    """
    price_import = held(price_import)
    if price_import.state == PriceImport.State.APPROVED:
        return price_import
    require_state(price_import, "approve", "checked")
    if approved_by == price_import.uploaded_by:
        raise CannotPublishPrices(
            f"{approved_by} has uploaded {price_import}: a second person must approve it."
        )
    price_import.state = PriceImport.State.APPROVED
    price_import.approved_by, price_import.approved_at = approved_by, approved_at
    price_import.save()
    return price_import


@transaction.atomic
def decline_price_import(*, price_import: PriceImport) -> PriceImport:
    """Close a change set for good without publishing it; declining it again changes nothing."""
    price_import = held(price_import)
    if price_import.state != PriceImport.State.DECLINED:
        require_state(price_import, "decline", "uploaded", "refused", "checked", "approved")
        price_import.state = PriceImport.State.DECLINED
        price_import.save()
    return price_import
