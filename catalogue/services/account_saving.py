"""Open and change accounts: found by external id or code, all or nothing, thousands at a time."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Manager

from billing_site.common.errors import BillingError
from billing_site.common.tables import MOST_FINDINGS, TableRefused, WrongLine
from catalogue.models import Account, Contact, Currency, TaxTreatment
from catalogue.services.account_entries import (
    CHANGEABLE,
    PARTS,
    AccountEntry,
    WrongValue,
    code_of,
    fill_account,
    new_account,
    parts_of,
)

Part = Contact | TaxTreatment

_AT_ONCE = 5000


class AccountsOpenedMeanwhile(BillingError):
    """Another transaction opened an account of the same code or external id."""

    code = "accounts_opened_meanwhile"
    is_conflict = True


@dataclass(slots=True)
class SavedAccounts:
    """How many accounts were opened, changed, or already as sent; their ids in the order of the entries."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    ids: list[int] = field(default_factory=list)


@transaction.atomic
def save_accounts(*, entries: Iterable[AccountEntry]) -> SavedAccounts:
    """Open or change one account an entry, all or nothing; the same entries again change nothing.

    The account is the one of the company with the entry's external id, else the one with its code; a new one
    without a code gets the company's and the external id. The entries' companies are in the caller's reach.
    Ten queries at most for each 5,000. Raises TableRefused, AccountsOpenedMeanwhile.
    """
    saved, findings, lines = SavedAccounts(), list[WrongLine](), dict[int, int]()
    currencies = set(Currency.objects.values_list("code", flat=True))
    rest = iter(entries)
    while len(findings) < MOST_FINDINGS and (chunk := list(islice(rest, _AT_ONCE))):
        batch = _Batch(chunk)
        findings += batch.apply(currencies, lines)
        if not findings:
            batch.store(saved)
            lines |= {account.pk: line for account, line in batch.lines}
    if findings:
        raise TableRefused(findings)
    return saved


class _Batch:
    """Some thousand entries beside the accounts that stand, which are locked."""

    def __init__(self, entries: Sequence[AccountEntry]) -> None:
        self.entries = entries
        self.lines: list[tuple[Account, int]] = []
        self.parts: dict[str, dict[str, list[Part]]] = {kind: {} for kind in PARTS}
        codes = {code_of(entry) for entry in entries}
        externals = {str(entry.values.get("external_id") or "") for entry in entries} - {""}
        companies = {entry.company.pk for entry in entries}
        locked = Account.objects.select_for_update(no_key=True).order_by("pk")
        found = [
            *locked.filter(code__in=codes),
            *locked.filter(company__in=companies, external_id__in=externals),
        ]
        accounts = {account.pk: account for account in found}
        self.by_code = {account.code: account for account in accounts.values()}
        self.by_external = {
            (account.company_id, account.external_id): account
            for account in accounts.values()
            if account.external_id
        }
        self.standing = {pk: _columns(account) for pk, account in accounts.items()}
        self.standing_parts = {kind: defaultdict[int, list[Part]](list) for kind in PARTS}
        for kind, known in PARTS.items():
            for part in known.model._default_manager.filter(account__in=accounts):
                self.standing_parts[kind][part.account_id].append(part)

    def apply(self, currencies: set[str], earlier: dict[int, int]) -> list[WrongLine]:
        """Write the entries into their accounts, in memory, and return what is wrong with them."""
        findings, seen = list[WrongLine](), dict[str, int]()
        for entry in self.entries:
            try:
                account = self._account_of(entry, currencies)
            except WrongValue as error:
                findings.append(WrongLine(entry.line, error.field, error.sentence))
                continue
            before = seen.get(account.code, earlier.get(account.pk))
            if before is not None:
                findings.append(
                    WrongLine(
                        entry.line,
                        "",
                        f"The account {account.code} stands on line {before} already: keep one.",
                    )
                )
                continue
            seen[account.code] = entry.line
            wrong = fill_account(account, entry)
            for kind, given in entry.parts.items():
                self.parts[kind][account.code], wrong_parts = parts_of(account, kind, given)
                wrong |= wrong_parts
            findings += [WrongLine(entry.line, name, sentence) for name, sentence in wrong.items()]
            self.lines.append((account, entry.line))
        return findings

    def _account_of(self, entry: AccountEntry, currencies: set[str]) -> Account:
        external_id = str(entry.values.get("external_id") or "")
        account = self.by_external.get((entry.company.pk, external_id)) or self.by_code.get(code_of(entry))
        if account is None:
            account = self.by_code[code_of(entry)] = new_account(entry, currencies)
            if external_id:
                self.by_external[entry.company.pk, external_id] = account
        if account.company_id != entry.company.pk:
            raise WrongValue("code", f"The account code {account.code} is taken; choose another.")
        return account

    def store(self, saved: SavedAccounts) -> None:
        """Write what is new and what changed, and count."""
        new = [account for account, _ in self.lines if account.pk is None]
        changed = [account for account, _ in self.lines if account.pk and self._differs(account)]
        saved.new, saved.changed = saved.new + len(new), saved.changed + len(changed)
        saved.unchanged += len(self.lines) - len(new) - len(changed)
        try:
            Account.objects.bulk_create(new)
        except IntegrityError as error:
            raise AccountsOpenedMeanwhile(
                "One of these accounts was opened by somebody else at the same moment: send them again."
            ) from error
        Account.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["code"], update_fields=CHANGEABLE
        )
        for kind, known in PARTS.items():
            replaced = [account for account in new + changed if self._has_other(kind, account)]
            stored: Manager[Any] = known.model._default_manager
            stored.filter(account__in=replaced).delete()
            stored.bulk_create(part for account in replaced for part in self.parts[kind][account.code])
        saved.ids += [account.pk for account, _ in self.lines]

    def _differs(self, account: Account) -> bool:
        if _columns(account) != self.standing[account.pk]:
            return True
        return any(self._has_other(kind, account) for kind in PARTS)

    def _has_other(self, kind: str, account: Account) -> bool:
        """Whether the entry names parts of a kind, and others than stand."""
        given = self.parts[kind].get(account.code)
        standing = self.standing_parts[kind].get(account.pk, [])
        return given is not None and _says(kind, given) != _says(kind, standing)


def _columns(account: Account) -> tuple[Any, ...]:
    return tuple(getattr(account, name) for name in CHANGEABLE)


def _says(kind: str, parts: Iterable[Part]) -> list[tuple[str, ...]]:
    return sorted(tuple(str(getattr(part, name)) for name in PARTS[kind].fields) for part in parts)
