"""Read single cells of a price file: amounts, tiers, texts. What is wrong is said in a sentence."""

import re
from collections.abc import Sequence
from decimal import Decimal

from billing_site.common.errors import BillingError
from catalogue.domain.money import check_amount, parse_decimal
from catalogue.domain.price_models import PRICE_MODELS, Graduated, InvalidTiers, Stairstep, Tier, Volume
from catalogue.domain.rounding import show

LONGEST_TEXT = 1000
PERCENT_LIMIT = Decimal(10**8)
# Exports put an apostrophe before what a spreadsheet would run as a formula; reading takes it off again.
_FORMULAS = ("'=", "'+", "'-", "'@")
_AMOUNT = r"(?:[0-9]{1,18}(?:\.[0-9]{1,12})?)?"
_PLAIN = re.compile(rf"{_AMOUNT}(?:\t{_AMOUNT})*", re.ASCII)
_TIERED = {name: model for name, model in PRICE_MODELS.items() if model in (Graduated, Volume, Stairstep)}


class InvalidText(BillingError):
    """A cell that is not text, or too much of it."""

    code = "invalid_text"


def plain_amounts(cells: Sequence[str]) -> str | None:
    """Return amounts that are all plain or empty as elements of an array literal, or None.

    Nearly every line passes here at once; the others are read with care, cell by cell.
    """
    if not cells:
        return ""
    joined = "\t".join(cells)
    if joined.count("\t") != len(cells) - 1 or not _PLAIN.fullmatch(joined):
        return None
    return ",".join(cell or "NULL" for cell in cells) if "" in cells else joined.replace("\t", ",")


def read_amount(cell: str, column: str) -> str:
    """Return an amount, exact and without exponent, as an element of an array literal; empty is NULL.

    Raises BillingError: no number, below 0, too large, more than 12 decimals.
    """
    if not cell:
        return "NULL"
    amount = parse_decimal(cell)
    check_amount(f"What stands in {column}", amount)
    if column == "percent" and amount >= PERCENT_LIMIT:
        raise InvalidTiers("A percent has 8 digits before the point at most.")
    return format(amount, "f")


def read_text(cell: str) -> str:
    """Return a text escaped for COPY, without the apostrophe that keeps it from being a formula."""
    if len(cell) > LONGEST_TEXT:
        raise InvalidText(f"The cell holds {len(cell)} characters, and {LONGEST_TEXT} are the most.")
    if "\0" in cell:
        raise InvalidText("The cell holds a zero byte: save the file as CSV (UTF-8).")
    for character in cell:
        if "\ud800" <= character <= "\udfff":
            raise InvalidText(
                f"The byte 0x{ord(character) & 0xFF:02X} is not UTF-8, the file may be Latin-1 or "
                "Windows-1252: save it as CSV (UTF-8)."
            )
    text = cell[1:] if cell.startswith(_FORMULAS) else cell
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def read_tiers(cell: str, model: str) -> str:
    """Return tiers as JSON [[up_to, unit_price, flat_fee], ...]; the last one is open (null).

    Written `100:0.10;500:0.08;:0.05`: up_to, unit price and, if there is one, flat fee; or with both bounds,
    `0-100:0.10;100-500:0.08;500-:0.05`. Raises BillingError, among others for tiers that overlap, leave a
    hole or do not end.
    """
    if model not in _TIERED:
        raise InvalidTiers(
            f"A price of the model {model or 'per_unit'} has no tiers: leave the column empty."
        )
    tiers = []
    end: Decimal | None = Decimal(0)
    for number, text in enumerate(cell.strip("; ").split(";"), start=1):
        bounds, unit_price, flat_fee, *more = [*(part.strip() for part in text.split(":")), "", ""][:4]
        if text.count(":") not in (1, 2) or any(more):
            raise InvalidTiers(
                f"Tier {number} reads {text!r}: write up_to:unit_price or up_to:unit_price:flat_fee, tiers "
                "separated by semicolons, the last up_to empty."
            )
        lower, dash, up_to = bounds.rpartition("-")
        if dash:
            _check_contiguous(number, parse_decimal(lower.strip() or "0"), end)
        end = parse_decimal(up_to.strip()) if up_to.strip() else None
        tiers.append(Tier(end, _optional(unit_price), _optional(flat_fee)))
    _TIERED[model](tuple(tiers))
    return f"[{','.join(map(_json, tiers))}]"


def _check_contiguous(number: int, lower: Decimal, end_before: Decimal | None) -> None:
    if end_before is None or lower < end_before:
        at = "never" if end_before is None else f"at {show(end_before, 12)}"
        raise InvalidTiers(
            f"Tier {number} begins at {show(lower, 12)} and overlaps the one before, which ends {at}."
        )
    if lower > end_before:
        raise InvalidTiers(
            f"Tier {number} begins at {show(lower, 12)} and the one before ends at {show(end_before, 12)}: "
            "the hole between them has no price."
        )


def _optional(text: str) -> Decimal | None:
    return parse_decimal(text) if text else None


def _json(tier: Tier) -> str:
    up_to = "null" if tier.up_to is None else format(tier.up_to, "f")
    return f"[{up_to},{format(tier.unit_price or 0, 'f')},{format(tier.flat_fee or 0, 'f')}]"
