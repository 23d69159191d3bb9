"""Take in what finance booked: whole months or days of companies, all or nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import BinaryIO

from django.db import transaction
from django.db.models import Q

from billing_site.common.errors import BillingError
from billing_site.common.tables import Line, TableRefused, WrongLine, open_table
from catalogue.models import Account, Company
from reconciliation.domain.cells import WrongCell
from reconciliation.domain.finance import COLUMNS, Booked, Signs, doubt_about_signs, read_booked
from reconciliation.models import FinanceTotal

_OF_ONE_TIME = ("day", "month")
_WHICH_TIME = "Say when it was booked: a column day or a column month, and only one of them."


class UnknownFinanceAccount(BillingError):
    """A total names an account that the company does not have; nothing is stored."""

    code = "unknown_finance_account"


@dataclass(slots=True)
class StoredTotals:
    """How many totals are new, other than before, taken away because they are told no more, or the same."""

    new: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0

    def __str__(self) -> str:
        counts = f"{self.new} new, {self.changed} changed, {self.removed} removed, {self.unchanged} unchanged"
        if self.unchanged and not (self.new or self.changed or self.removed):
            return f"{counts}: these totals stood already, nothing changed"
        return counts


@dataclass(frozen=True, slots=True)
class _Named:
    """A total whose account is known."""

    account: Account
    booked: Booked

    @property
    def key(self) -> tuple[int, date, date | None]:
        return self.account.pk, self.booked.month, self.booked.day


def record_finance_totals(*, company: Company, month: date, totals: Mapping[str, Decimal]) -> None:
    """Replace what finance booked for a company's month, in the accounts' currencies.

    month: [its first day]. totals: [account code: gross less credit notes]. The same totals again change
    nothing. Raises UnknownFinanceAccount.
    """
    accounts = {account.code: account for account in Account.objects.filter(company=company, code__in=totals)}
    unknown = sorted(set(totals) - set(accounts))
    if unknown:
        raise UnknownFinanceAccount(
            f"Finance's totals of {month:%Y-%m} name {', '.join(unknown)}, which {company.code} does not "
            "have; correct the codes, or send the totals of each company by themselves."
        )
    named = [
        _Named(accounts[code], Booked(code, accounts[code].currency_id, month, None, amount))
        for code, amount in totals.items()
    ]
    with transaction.atomic():
        _lock([company])
        _store(named, {company.pk: (month, None)})


@transaction.atomic
def take_finance_file(
    *, companies: Collection[Company], file: BinaryIO, signs: Signs = "", dry_run: bool = False
) -> StoredTotals:
    """Take in a CSV file of COLUMNS, by day or by month; the same file again changes nothing.

    companies: [those that the caller reaches]. Of each company in it, it replaces the months that it names,
    or the days from the first to the last one. signs: ["reversed" turns every amount, "as_booked" takes them
    as they are; "" refuses a file of which most are below 0]. Raises TableRefused with all that is wrong.
    """
    with open_table(file) as table:
        table.check_heading(required=("account", "currency", "amount"), known=COLUMNS)
        if sum(name in table.heading for name in _OF_ONE_TIME) != 1 and not table.findings:
            table.findings.append(WrongLine(1, "day", _WHICH_TIME))
        stored = _take(companies, table.lines(), table.findings, signs)
    if dry_run:
        transaction.set_rollback(True)
    return stored


@transaction.atomic
def take_finance_totals(
    *, companies: Collection[Company], lines: Iterable[Line], signs: Signs = ""
) -> StoredTotals:
    """Take in totals as take_finance_file does; numbers of lines are from 1. Raises TableRefused."""
    findings: list[WrongLine] = []
    listed = list(lines)
    times = {tuple(name in cells for name in _OF_ONE_TIME) for _, cells in listed}
    if not listed or times not in ({(True, False)}, {(False, True)}):
        findings.append(
            WrongLine(0, "", _WHICH_TIME if listed else "There are no totals: send at least one.")
        )
    stored = _take(companies, [] if findings else listed, findings, signs)
    if findings:
        raise TableRefused(findings)
    return stored


def _take(
    companies: Collection[Company], lines: Iterable[Line], findings: list[WrongLine], signs: Signs
) -> StoredTotals:
    read = list(_read(lines, findings, signs))
    codes = {booked.account for _, booked in read}
    reached = Account.objects.filter(company__in=companies, code__in=codes).select_related("company")
    accounts = {account.code: account for account in reached}
    named = list(_named(read, accounts, findings))
    if not signs and (doubt := doubt_about_signs([one.booked.amount for one in named])):
        findings.append(WrongLine(0, "amount", doubt))
    sellers = {one.account.company_id: one.account.company for one in named}
    _lock(sellers.values())
    findings += _against_days(read, accounts)
    if findings:
        return StoredTotals()
    return _store(named)


def _read(lines: Iterable[Line], findings: list[WrongLine], signs: Signs) -> Iterator[tuple[int, Booked]]:
    for number, cells in lines:
        try:
            yield number, read_booked(cells, signs)
        except WrongCell as refusal:
            findings.append(WrongLine(number, refusal.column, refusal.sentence))


def _named(
    read: Iterable[tuple[int, Booked]], accounts: Mapping[str, Account], findings: list[WrongLine]
) -> Iterator[_Named]:
    seen: dict[tuple[str, date, date | None], int] = {}
    for number, booked in read:
        account = accounts.get(booked.account)
        first = seen.setdefault((booked.account, booked.month, booked.day), number)
        if account is None:
            text = f"There is no account {booked.account!r} that you reach."
            findings.append(WrongLine(number, "account", text))
        elif account.currency_id != booked.currency:
            text = f"{account.code} is billed in {account.currency_id}, not in {booked.currency}."
            findings.append(WrongLine(number, "currency", text))
        elif first != number:
            text = f"The same account and time stand on line {first}: send their sum."
            findings.append(WrongLine(number, "", text))
        else:
            yield _Named(account, booked)


def _lock(companies: Iterable[Company]) -> None:
    ids = [company.pk for company in companies]
    list(Company.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))


def _against_days(read: Sequence[tuple[int, Booked]], accounts: Mapping[str, Account]) -> Iterator[WrongLine]:
    """A sum of a month does not replace its days: what they show would be lost."""
    months = {booked.month for _, booked in read if booked.day is None}
    by_day = set(
        FinanceTotal.objects.filter(month__in=months, day__isnull=False).values_list("company_id", "month")
    )
    for number, booked in read:
        account = accounts.get(booked.account)
        if account is not None and (account.company_id, booked.month) in by_day:
            text = f"{booked.month:%Y-%m} of {account.company.code} stands by day: days are expected."
            yield WrongLine(number, "month", text)


def _store(named: Sequence[_Named], told: Mapping[int, tuple[date, None]] | None = None) -> StoredTotals:
    """Make what stands for the months or days that are told what is named; count what that changed."""
    standing = {(row.account_id, row.month, row.day): row for row in _standing(named, told or {})}
    wanted = {one.key: one for one in named}
    gone = [row.pk for key, row in standing.items() if key not in wanted]
    new, changed = [], []
    for key, one in wanted.items():
        row = standing.get(key)
        if row is None:
            company_id, (account_id, month, day) = one.account.company_id, key
            new.append(
                FinanceTotal(
                    company_id=company_id,
                    account_id=account_id,
                    month=month,
                    day=day,
                    amount=one.booked.amount,
                )
            )
        elif row.amount != one.booked.amount:
            row.amount = one.booked.amount
            changed.append(row)
    FinanceTotal.objects.filter(pk__in=gone).delete()
    FinanceTotal.objects.bulk_create(new, batch_size=5000)
    FinanceTotal.objects.bulk_update(changed, ["amount"], batch_size=1000)
    return StoredTotals(len(new), len(changed), len(gone), len(wanted) - len(new) - len(changed))


def _standing(named: Sequence[_Named], told: Mapping[int, tuple[date, None]]) -> Iterable[FinanceTotal]:
    """What stands for the months that are named, and for the days from the first to the last of a company."""
    months: set[tuple[int, date]] = {(company, month) for company, (month, _) in told.items()}
    days: defaultdict[int, list[date]] = defaultdict(list)
    for one in named:
        months.add((one.account.company_id, one.booked.month))
        if one.booked.day is not None:
            days[one.account.company_id].append(one.booked.day)
    covered = Q(pk__in=[])
    for company, month in months:
        covered |= Q(company=company, month=month, day=None)
    for company, listed in days.items():
        covered |= Q(company=company, day__range=(min(listed), max(listed)))
    return FinanceTotal.objects.filter(covered).order_by("pk")
