"""A price file from upload to the books: upload, check, publish, or all of it in one transaction."""

from collections.abc import Callable
from datetime import date, datetime
from typing import BinaryIO

from django.core.files import File
from django.db import transaction
from django.db.models import prefetch_related_objects

from billing_site.common.sql import rows
from catalogue.models import Company, PriceImport, PriceImportPolicy, User
from catalogue.services.price_import_checking import check_lines
from catalogue.services.price_import_publishing import publish_changes, refuse_if_stale
from catalogue.services.price_import_states import books_of, held, require_approval, require_state
from catalogue.services.prices import hold_books

Told = Callable[[str, float], None]
"""Hears the step and how much of the whole is done, from 0 to 1."""


def silent(_step: str, _fraction: float) -> None:
    """Tell nobody."""


def upload_price_file(
    *,
    company: Company,
    file: BinaryIO | None,
    file_name: str,
    effective: date | datetime,
    uploaded_by: User | None,
    uploaded_at: datetime,
) -> PriceImport:
    """Keep a file, and from when its prices are to count, until a job checks it."""
    head_office = company.parent or company
    policy = PriceImportPolicy.objects.filter(company=head_office).first() or PriceImportPolicy()
    return PriceImport.objects.create(
        company=company,
        file_name=file_name[-250:],
        file=File(file, name=file_name[-100:]) if file is not None else "",
        effective=effective.isoformat(),
        jump_percent=policy.jump_percent,
        needs_approval=policy.needs_approval,
        uploaded_by=uploaded_by,
        uploaded_at=uploaded_at,
    )


@transaction.atomic
def check_price_import(
    *, price_import: PriceImport, file: BinaryIO, checked_at: datetime, told: Told = silent
) -> PriceImport:
    """Validate every line and compare it with the books; the result is a change set, or a refusal.

    A file may be checked again until it is published; the latest check counts.
    """
    price_import = held(price_import)
    require_state(price_import, "check", "uploaded", "refused", "checked", "approved")
    check_lines(price_import, file, told)
    counts = rows("catalogue", "price_import_counts", {"price_import": price_import.pk})[0]
    for name, count in counts.items():
        setattr(price_import, name, count)
    if price_import.layout == PriceImport.Layout.LONG:
        for name in ("new", "changed", "unchanged", "withdrawn"):
            setattr(price_import, f"lines_{name}", counts[f"prices_{name}"])
    price_import.state = PriceImport.State.REFUSED if price_import.errors else PriceImport.State.CHECKED
    price_import.approved_by = price_import.approved_at = None
    price_import.checked_at, price_import.problem = checked_at, ""
    price_import.save()
    return price_import


@transaction.atomic
def publish_price_import(
    *,
    price_import: PriceImport,
    published_by: User | None,
    published_at: datetime,
    told: Told = silent,
) -> PriceImport:
    """Write a checked change set into the books, all or nothing; publishing it again changes nothing.

    Raises CannotPublishPrices if it was refused, waits for approval, or the books have changed since.
    """
    price_import = held(price_import)
    if price_import.state == PriceImport.State.PUBLISHED:
        return price_import
    require_state(price_import, "publish", "checked", "approved", "publishing")
    require_approval(price_import)
    hold_books(books_of(price_import))
    refuse_if_stale(price_import)
    _publish(price_import, published_by, published_at, told)
    return price_import


@transaction.atomic
def import_prices(
    *,
    company: Company,
    file: BinaryIO,
    file_name: str,
    effective: date | datetime,
    imported_by: User | None = None,
    imported_at: datetime,
    dry_run: bool = False,
    told: Told = silent,
) -> PriceImport:
    """Check a file and publish it in one transaction, unless it is refused or must be approved first.

    `dry_run` leaves nothing behind. The result says what became of it, with counts and findings.
    """
    price_import = upload_price_file(
        company=company,
        file=None,
        file_name=file_name,
        effective=effective,
        uploaded_by=imported_by,
        uploaded_at=imported_at,
    )
    hold_books(books_of(price_import))
    price_import = check_price_import(price_import=price_import, file=file, checked_at=imported_at, told=told)
    if price_import.state == PriceImport.State.CHECKED and not price_import.needs_approval and not dry_run:
        _publish(price_import, imported_by, imported_at, told)
    if dry_run:
        prefetch_related_objects([price_import], "findings")
        transaction.set_rollback(True)
    return price_import


def _publish(
    price_import: PriceImport, published_by: User | None, published_at: datetime, told: Told
) -> None:
    publish_changes(price_import, published_at, told)
    price_import.state = PriceImport.State.PUBLISHED
    price_import.published_by, price_import.published_at = published_by, published_at
    price_import.problem = ""
    price_import.save()
