"""Accounts as programs and files send them, and the account that an entry makes of the one that stands."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError

from catalogue.domain.periods import local_midnight
from catalogue.models import Account, Company, Contact

# What an entry may name. The code and the currency are of a new account: they never change.
FIELDS = (
    *("code", "external_id", "name", "currency", "country", "timezone", "locale", "address"),
    *("delivery_address", "email", "tax_number", "late_usage", "payment_days", "usage_annex"),
    "opened_at",
)
CHANGEABLE = tuple(name for name in FIELDS if name not in {"code", "currency"})
CONTACT_FIELDS = ("name", "email", "phone", "role")
# An empty value of these leaves what stands, or takes the default of a new account.
_NEVER_EMPTY = {
    *("name", "country", "timezone", "locale", "late_usage", "payment_days", "usage_annex", "external_id"),
}


@dataclass(frozen=True, slots=True)
class AccountEntry:
    """One account as somebody sent it; `place` says where it stood: line 7.

    `values` are by field, as text or already of the field's type; a field that is missing stays as it is, or
    is the company's. `contacts` replace those of the account; None leaves them.
    """

    company: Company
    values: Mapping[str, Any]
    contacts: Sequence[Mapping[str, str]] | None = None
    place: str = ""


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


def contacts_of(account: Account, entry: AccountEntry) -> tuple[list[Contact], dict[str, str]]:
    """Return an entry's contacts, not saved, and what is wrong with them, by field: contact 2 email."""
    contacts, wrong = [], {}
    for number, given in enumerate(entry.contacts or (), start=1):
        contact = Contact(account=account, **{name: given[name].strip() for name in given if given[name]})
        try:
            contact.full_clean(exclude={"account"}, validate_unique=False, validate_constraints=False)
        except ValidationError as error:
            for name, sentences in error.message_dict.items():
                wrong[f"contact {number} {name}".removesuffix(" __all__")] = sentences[0]
        contacts.append(contact)
    return contacts, wrong


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
