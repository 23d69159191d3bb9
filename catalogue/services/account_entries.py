"""Accounts as programs and files send them, and the account that an entry makes of the one that stands."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError

from catalogue.domain.periods import local_midnight
from catalogue.models import Account, Company, Contact, TaxTreatment

# What an entry may name. The code and the currency are of a new account: they never change.
FIELDS = (
    *("code", "external_id", "name", "currency", "country", "timezone", "locale", "address"),
    *("delivery_address", "email", "tax_number", "late_usage", "payment_days", "usage_annex"),
    "opened_at",
)
CHANGEABLE = tuple(name for name in FIELDS if name not in {"code", "currency"})
# An empty value of these leaves what stands, or takes the default of a new account.
_NEVER_EMPTY = {
    *("name", "country", "timezone", "locale", "late_usage", "payment_days", "usage_annex", "external_id"),
}


@dataclass(frozen=True, slots=True)
class Parts:
    """What an account has several of: their model, what an entry may say of each, and how one is called.

    Where there is a field `once`, no two of an account have the same value of it.
    """

    model: type[Contact | TaxTreatment]
    fields: tuple[str, ...]
    name: str
    once: str = ""


PARTS = {
    "contacts": Parts(Contact, ("name", "email", "phone", "role"), "contact"),
    "tax_treatments": Parts(
        TaxTreatment,
        ("category", "reason", "certificate", "valid_from", "valid_to"),
        "tax treatment",
        "valid_from",
    ),
}


@dataclass(frozen=True, slots=True)
class AccountEntry:
    """One account as somebody sent it; `line` is that of its file (0: it came alone).

    `values` are by field, as text or already of the field's type; a field that is missing stays as it is, or
    is the company's. `parts` are by name of PARTS and replace those of the account; what is missing stays.
    """

    company: Company
    values: Mapping[str, Any]
    parts: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    line: int = 0


class WrongValue(Exception):
    """A value of an entry that cannot be used."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field, self.sentence = field, sentence


def code_of(entry: AccountEntry) -> str:
    """Return an entry's code; without one it is made of the company's and the external id."""
    external_id = entry.values.get("external_id")
    return str(entry.values.get("code") or (f"{entry.company.code}-{external_id}" if external_id else ""))


def new_account(entry: AccountEntry, currencies: Collection[str]) -> Account:
    """Return an account, not saved, with the company's defaults and the entry's code and currency.

    Raises WrongValue.
    """
    company, code = entry.company, code_of(entry)
    if not code:
        raise WrongValue("code", "An account needs a code, or the external id of its customer.")
    currency = str(entry.values.get("currency") or company.currency_id)
    if currency not in currencies:
        raise WrongValue("currency", f"{currency!r} is no currency of ISO 4217.")
    return Account(
        code=code,
        company=company,
        name=code,
        currency_id=currency,
        country=company.country,
        timezone=company.timezone,
    )


def fill_account(account: Account, entry: AccountEntry) -> dict[str, str]:
    """Write an entry's values into an account and return what is wrong with them, by field. Saves nothing."""
    wrong = {}
    for name in ("code", "currency"):
        given, standing = entry.values.get(name), account.code if name == "code" else account.currency_id
        if given and str(given) != standing:
            wrong[name] = f"The account {account.code} has the {name} {standing}, which never changes."
    try:
        for name in CHANGEABLE:
            if name in entry.values:
                _write(account, name, entry.values[name])
    except WrongValue as error:
        wrong[error.field] = error.sentence
    try:
        account.full_clean(exclude={"company", "currency"}, validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        wrong = {name: sentences[0] for name, sentences in error.message_dict.items()} | wrong
    return wrong


def parts_of(
    account: Account, kind: str, given: Sequence[Mapping[str, Any]]
) -> tuple[list[Any], dict[str, str]]:
    """Return parts of a kind, not saved, and what is wrong with them, by field: contact 2 email."""
    parts, wrong, taken = [], {}, set[Any]()
    known = PARTS[kind]
    for number, values in enumerate(given, start=1):
        part = known.model(account=account, **{name: _clean(values[name]) for name in values if values[name]})
        try:
            part.full_clean(exclude={"account"}, validate_unique=False, validate_constraints=False)
        except ValidationError as error:
            for name, sentences in error.message_dict.items():
                wrong[f"{known.name} {number} {name}".removesuffix(" __all__")] = sentences[0]
        if known.once and (value := getattr(part, known.once)) in taken:
            wrong[f"{known.name} {number} {known.once}"] = f"Another one has {value}, too: keep one."
        taken.add(getattr(part, known.once, None))
        parts.append(part)
    return parts, wrong


def _clean(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _write(account: Account, name: str, value: Any) -> None:
    if isinstance(value, str):
        value = value.strip()
    if value in ("", None):
        if name in _NEVER_EMPTY:
            return
        value = None if name == "opened_at" else ""
    elif name == "opened_at":
        value = _instant(value, account.timezone)
    elif name == "external_id" and account.pk and account.external_id not in ("", value):
        raise WrongValue(
            name,
            f"The account {account.code} has the external id {account.external_id}: correct one of them.",
        )
    setattr(account, name, value)


def _instant(value: Any, zone: str) -> datetime:
    """An instant as it is, or the first one of a day where the account is."""
    if isinstance(value, datetime):
        return value
    try:
        if len(value) == len("2026-04-02"):
            return local_midnight(date.fromisoformat(value), ZoneInfo(zone))
        instant = datetime.fromisoformat(value)
    except (ValueError, KeyError) as error:
        raise WrongValue("opened_at", f"{value!r} is neither a date, 2026-04-02, nor an instant.") from error
    if instant.tzinfo is None:
        raise WrongValue("opened_at", f"{value!r} needs its zone: 2026-04-02T00:00+02:00.")
    return instant
