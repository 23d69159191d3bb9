"""The kinds of values that a scenario file holds, each read strictly from what YAML makes of it.

None of them is a dataclass: msgspec would read those by its own rules instead of by `read`.
"""

import datetime as dt
import re
from decimal import Decimal
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from catalogue.domain.periods import InvalidPeriod, local_midnight, month_cycle

_DECIMAL = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?", re.ASCII)


class Number(Decimal):
    """An amount or quantity: a quoted string in the file, so that no float ever touches it."""

    @classmethod
    def read(cls, written: object) -> "Number":
        if not isinstance(written, str):
            raise TypeError(f'Amounts and quantities are quoted: "{written}"')
        if not _DECIMAL.fullmatch(written):
            raise ValueError(f"{written!r} is not a plain decimal number")
        return cls(written)

    def __str__(self) -> str:
        return format(self, "f")


class Moment:
    """An instant with a zone, or a date that stands for the first instant of that local day."""

    def __init__(self, written: dt.date | dt.datetime) -> None:
        self.written = written

    @classmethod
    def read(cls, written: object) -> "Moment":
        if isinstance(written, str):
            written = (dt.date if len(written) == len("2026-01-31") else dt.datetime).fromisoformat(written)
        if not isinstance(written, dt.date):
            raise TypeError(f"Expected an instant or a date, got {written!r}")
        if isinstance(written, dt.datetime) and written.tzinfo is None:
            raise ValueError(f"{written.isoformat()} needs a zone: write Z or an offset behind it")
        return cls(written)

    def instant(self, zone: ZoneInfo) -> dt.datetime:
        """The instant; `zone` decides when a date begins."""
        if isinstance(self.written, dt.datetime):
            return self.written
        return local_midnight(self.written, zone)


class Month(dt.date):
    """A billing period, YYYY-MM, as its first day."""

    @classmethod
    def read(cls, written: object) -> "Month":
        if not isinstance(written, str):
            raise TypeError(f"Expected a period written as 2026-03, got {written!r}")
        try:
            first = month_cycle(written).starts_on
        except InvalidPeriod as refusal:
            raise ValueError(str(refusal)) from None
        return cls(first.year, first.month, first.day)


class Reference(str):
    """A name of something that stands elsewhere in the file; reading a file proves that it does."""

    __slots__ = ()
    names: ClassVar[str]

    @classmethod
    def read(cls, written: object) -> "Reference":
        if not isinstance(written, str):
            raise TypeError(f"Expected the name of {cls.names}, got {written!r}: quote it if it is one")
        return cls(written)


class CompanyCode(Reference):
    names = "a company"


class AccountCode(Reference):
    names = "an account"


class Sku(Reference):
    names = "a product"


class OrderId(Reference):
    names = "an order"


class EventId(Reference):
    names = "an event"


class ResourceName(Reference):
    names = "a resource or order"


class InvoiceReference:
    """`account/period`: the account's invoice for that period."""

    def __init__(self, account: AccountCode, month: Month) -> None:
        self.account, self.month = account, month

    @classmethod
    def read(cls, written: object) -> "InvoiceReference":
        account, slash, period = written.rpartition("/") if isinstance(written, str) else ("", "", "")
        if not slash:
            raise ValueError(f"Expected an invoice written as ACME/2026-03, got {written!r}")
        return cls(AccountCode(account), Month.read(period))

    def __str__(self) -> str:
        return f"{self.account}/{self.month:%Y-%m}"


def read_zone(written: object) -> ZoneInfo:
    try:
        return ZoneInfo(str(written))
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{written!r} is no time zone of the IANA list") from None


def read_value(kind: type[Any], written: object) -> Any:
    """Read one value of a kind that msgspec does not know."""
    if kind is ZoneInfo:
        return read_zone(written)
    return kind.read(written)
