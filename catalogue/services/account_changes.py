"""Number the changes of accounts for those who follow them."""

from django.db import transaction

from billing_site.common.sql import run
from catalogue.models import AccountChange


@transaction.atomic(durable=True)
def number_account_changes() -> int:
    """Give a place in the feed to every change that is committed and has none; return how many.

    One hand at a time, in a transaction of its own: who reads up to a place has then seen all that will ever
    stand before it, whichever transaction commits when. Writers never wait for it.
    """
    if not AccountChange.objects.filter(position=None).exists():
        return 0
    run("catalogue", "lock_account_feed")
    return run("catalogue", "number_account_changes")
