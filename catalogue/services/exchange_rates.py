"""Bring exchange rates in: the files of the ECB, long files, and single rates by hand."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO, TextIOWrapper
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile, is_zipfile

from django.db import transaction

from billing_site.common.errors import BillingError
from catalogue.domain.money import InvalidAmount, NotANumber, check_amount, parse_decimal
from catalogue.models import Currency, ExchangeRate

LONG = ["base", "quote", "date", "rate", "source"]
_ECB_COLUMN = re.compile(r"(?:EUR)?([A-Z]{3})", re.ASCII)
_NO_RATE = {"", "N/A"}
_MOST_UNPACKED = 100_000_000


class InvalidRateFile(BillingError):
    """A line of a rate file that cannot be read; nothing of the file is stored."""

    code = "invalid_rate_file"


@dataclass(frozen=True, slots=True)
class LoadedRates:
    """What a file did; `skipped` are columns of currencies that ISO 4217 does not list any more."""

    new: int
    changed: int
    unchanged: int
    skipped: tuple[str, ...] = ()


@transaction.atomic
def enter_exchange_rate(
    *, base: Currency, quote: Currency, rated_on: date, rate: Decimal, source: str
) -> ExchangeRate:
    """Enter the rate of a pair and day, in place of the one that stands. 1 base = rate quote."""
    check_amount("The exchange rate", rate, above_zero=True)
    if base == quote:
        raise InvalidAmount(f"An exchange rate needs two currencies, and both are {base.code}.")
    entered, _ = ExchangeRate.objects.update_or_create(
        base=base, quote=quote, rated_on=rated_on, defaults={"rate": rate, "source": source}
    )
    return entered


@transaction.atomic
def import_exchange_rates(*, file: BinaryIO, source: str = "ECB") -> LoadedRates:
    """Load a file of rates, all or nothing; a second time it changes nothing.

    Wide as the ECB publishes it (a date and a column a currency, `USD` or `EURUSD`: units a euro; zipped or
    not) or long (`base,quote,date,rate,source`, in any order; there the source is the line's).
    Raises InvalidRateFile.
    """
    if is_zipfile(file):
        with ZipFile(file) as archive:
            return import_exchange_rates(file=_only_file(archive), source=source)
    file.seek(0)
    text = TextIOWrapper(file, "utf-8-sig", newline="")
    try:
        lines = csv.reader(text, strict=True)
        heading = [name.strip() for name in next(lines, [])]
        known = set(Currency.objects.values_list("code", flat=True))
        if set(LONG) <= set(heading):
            return _store(_long(heading, lines, known))
        if heading and heading[0].lower() == "date":
            return _store(_wide(heading, lines, known, source), skipped=_unknown(heading, known))
    except (csv.Error, UnicodeDecodeError) as error:
        raise InvalidRateFile(f"The file is not CSV in UTF-8: {error}.") from error
    finally:
        text.detach()
    raise InvalidRateFile(f"Line 1 must be {','.join(LONG)}, or date and a column for each currency.")


def _only_file(archive: ZipFile) -> BinaryIO:
    members = archive.infolist()
    if len(members) != 1 or members[0].file_size > _MOST_UNPACKED:
        raise InvalidRateFile(
            "The archive must hold one CSV file of at most 100 MB: unpack it and choose that."
        )
    try:
        return BytesIO(archive.read(members[0]))
    except (BadZipFile, RuntimeError, NotImplementedError) as error:
        raise InvalidRateFile(f"The archive cannot be unpacked: {error}.") from error


def _wide(
    heading: list[str], lines: Iterator[list[str]], known: set[str], source: str
) -> Iterator[ExchangeRate]:
    codes = [match[1] if (match := _ECB_COLUMN.fullmatch(name)) else "" for name in heading]
    for number, line in enumerate(lines, start=2):
        for place, (code, cell) in enumerate(zip(codes, line, strict=False)):
            if place and code in known and cell.strip() not in _NO_RATE:
                yield _rate(number, "EUR", code, line[0], cell, source)


def _long(heading: list[str], lines: Iterator[list[str]], known: set[str]) -> Iterator[ExchangeRate]:
    places = [heading.index(name) for name in LONG]
    for number, line in enumerate(lines, start=2):
        if not line:
            continue
        if len(line) != len(heading):
            raise InvalidRateFile(f"Line {number} has {len(line)} fields and the heading {len(heading)}.")
        base, quote, day, cell, source = (line[place].strip() for place in places)
        for code in (base, quote):
            if code not in known:
                raise InvalidRateFile(f"Line {number}: {code!r} is not a currency of ISO 4217.")
        yield _rate(number, base, quote, day, cell, source)


def _unknown(heading: list[str], known: set[str]) -> tuple[str, ...]:
    return tuple(name for name in heading[1:] if name and name[-3:] not in known)


def _rate(number: int, base: str, quote: str, day: str, cell: str, source: str) -> ExchangeRate:
    try:
        rate = parse_decimal(cell.strip())
        check_amount("The exchange rate", rate, above_zero=True)
        rated_on = date.fromisoformat(day.strip())
    except (NotANumber, InvalidAmount) as error:
        raise InvalidRateFile(f"Line {number}, {base} to {quote}: {error.sentence}") from error
    except ValueError as error:
        raise InvalidRateFile(f"Line {number}: {day!r} is not a date: write 2026-04-02.") from error
    if base == quote:
        raise InvalidRateFile(f"Line {number}: a rate needs two currencies, and both are {base}.")
    return ExchangeRate(base_id=base, quote_id=quote, rated_on=rated_on, rate=rate, source=source[:40])


def _store(rates: Iterator[ExchangeRate], skipped: tuple[str, ...] = ()) -> LoadedRates:
    by_key = {}
    for rate in rates:
        key = (rate.base_id, rate.quote_id, rate.rated_on)
        if key in by_key:
            raise InvalidRateFile(f"The file has two rates from {key[0]} to {key[1]} on {key[2]}: keep one.")
        by_key[key] = rate
    pairs = ExchangeRate.objects.filter(
        base__in={key[0] for key in by_key}, quote__in={key[1] for key in by_key}
    )
    standing = {
        (base, quote, day): value
        for base, quote, day, value in pairs.values_list("base", "quote", "rated_on", "rate")
    }
    changed = sum(key in standing and standing[key] != rate.rate for key, rate in by_key.items())
    new = sum(key not in standing for key in by_key)
    ExchangeRate.objects.bulk_create(
        [rate for key, rate in by_key.items() if standing.get(key) != rate.rate],
        batch_size=5000,
        update_conflicts=True,
        unique_fields=["base", "quote", "rated_on"],
        update_fields=["rate", "source"],
    )
    return LoadedRates(new, changed, len(by_key) - new - changed, skipped)
