"""The currencies of ISO 4217."""

import csv
from pathlib import Path

from catalogue.models import Currency

ISO_4217 = Path(__file__).resolve().parents[1] / "data" / "iso_4217.csv"


def ensure_currencies() -> int:
    """Add the currencies of ISO 4217 that are missing and return how many; those that are there stay."""
    with ISO_4217.open(encoding="utf-8", newline="") as file:
        listed = [Currency(**row) for row in csv.DictReader(file)]
    standing = Currency.objects.count()
    Currency.objects.bulk_create(listed, ignore_conflicts=True)
    return Currency.objects.count() - standing
