"""What people and programs ask of a price file, and the job that does it: check, publish, revert."""

from collections.abc import Callable
from datetime import date, datetime
from typing import BinaryIO

from django.db import transaction

from billing_site.common.errors import BillingError
from billing_site.common.jobs import wake
from catalogue.models import Company, PriceImport, User
from catalogue.services.price_import import check_price_import, publish_price_import, upload_price_file
from catalogue.services.price_import_progress import progress_of
from catalogue.services.price_import_reverting import revert_price_import
from catalogue.services.price_import_states import (
    CannotPublishPrices,
    held,
    require_approval,
    require_state,
)

State = PriceImport.State
WAITING = (State.UPLOADED, State.PUBLISHING, State.REVERTING)


def wake_price_imports() -> None:
    """Ask a worker to do what waits. Call it after the commit, never before."""
    wake("catalogue.tasks.run_price_imports")


@transaction.atomic
def request_price_import(
    *,
    company: Company,
    file: BinaryIO,
    file_name: str,
    effective: date | datetime,
    uploaded_by: User | None,
    uploaded_at: datetime,
) -> PriceImport:
    """Keep a file and have it checked by the job; what it would change then waits to be published."""
    price_import = upload_price_file(
        company=company,
        file=file,
        file_name=file_name,
        effective=effective,
        uploaded_by=uploaded_by,
        uploaded_at=uploaded_at,
    )
    transaction.on_commit(wake_price_imports)
    return price_import


@transaction.atomic
def request_check(*, price_import: PriceImport) -> PriceImport:
    """Have a file checked again, after the books or the policy have changed; asking twice is asking once."""
    price_import = held(price_import)
    require_state(price_import, "check", "uploaded", "refused", "checked", "approved")
    if not price_import.file:
        raise CannotPublishPrices(f"{price_import} was not kept: import the file again.")
    return _wait(price_import, State.UPLOADED)


@transaction.atomic
def request_publication(*, price_import: PriceImport, requested_by: User | None) -> PriceImport:
    """Have a change set published by the job; asking twice is asking once.

    Raises CannotPublishPrices if it was refused or waits for approval.
    """
    price_import = held(price_import)
    if price_import.state in (State.PUBLISHING, State.PUBLISHED):
        return price_import
    require_state(price_import, "publish", "checked", "approved")
    require_approval(price_import)
    price_import.published_by = requested_by
    return _wait(price_import, State.PUBLISHING)


@transaction.atomic
def request_reversal(*, price_import: PriceImport, requested_by: User | None) -> PriceImport:
    """Have a published file taken back by the job; asking twice is asking once."""
    price_import = held(price_import)
    if price_import.state in (State.REVERTING, State.REVERTED):
        return price_import
    require_state(price_import, "revert", "published")
    price_import.reverted_by = requested_by
    return _wait(price_import, State.REVERTING)


def waiting_price_imports() -> list[int]:
    """Return the keys of the files that wait for the job, the oldest first."""
    return list(PriceImport.objects.filter(state__in=WAITING).order_by("pk").values_list("pk", flat=True))


def run_price_import(*, price_import_id: int, now: Callable[[], datetime]) -> None:
    """Do what a file waits for; nothing if it waits no more, or somebody else is at it.

    What cannot be done goes back to where it was, and says why.
    """
    try:
        _run(price_import_id, now)
    except BillingError as refusal:
        _step_back(price_import_id, refusal.sentence)


def _wait(price_import: PriceImport, state: State) -> PriceImport:
    price_import.state, price_import.problem = state, ""
    price_import.save()
    transaction.on_commit(wake_price_imports)
    return price_import


@transaction.atomic
def _run(number: int, now: Callable[[], datetime]) -> None:
    mine = PriceImport.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=number)
    price_import = mine.filter(state__in=WAITING).first()
    if price_import is None:
        return
    with progress_of(price_import) as told:
        if price_import.state == State.UPLOADED:
            with price_import.file.open("rb") as file:
                check_price_import(price_import=price_import, file=file.file, checked_at=now(), told=told)
        elif price_import.state == State.PUBLISHING:
            publish_price_import(
                price_import=price_import,
                published_by=price_import.published_by,
                published_at=now(),
                told=told,
            )
        else:
            revert_price_import(
                price_import=price_import, reverted_by=price_import.reverted_by, reverted_at=now()
            )


@transaction.atomic
def _step_back(number: int, problem: str) -> None:
    """Put an import that could not be published or reverted back where it was, with the reason."""
    price_import = held(PriceImport(pk=number))
    if price_import.state == State.PUBLISHING:
        price_import.state = State.APPROVED if price_import.approved_by_id else State.CHECKED
        price_import.published_by = None
    elif price_import.state == State.REVERTING:
        price_import.state, price_import.reverted_by = State.PUBLISHED, None
    price_import.problem = problem
    price_import.save()
