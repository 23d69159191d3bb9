"""What an account owes: its balance, and a statement of the days that are asked for, as CSV too."""

from collections.abc import Iterable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from billing_site.common.clock import now
from billing_site.common.errors import BillingError
from catalogue.models import Account, Currency
from catalogue.selectors.visible import visible_accounts
from invoicing.domain.statements import Statement
from invoicing.pdf.statement_file import statement_csv, statement_name
from invoicing.portal.signing_in import SignedInRequest
from invoicing.selectors.balances import balances_of
from invoicing.selectors.statements import statement_of

_DAYS = 92


class DaysForm(forms.Form):
    """The days of a statement; what is not given are the last three months."""

    first_on = forms.DateField(label="From", widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    last_on = forms.DateField(label="To", widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))


@require_safe
@never_cache
@login_required
def statement(request: SignedInRequest, code: str) -> HttpResponse:
    """An account's balance now, and its documents and payments of some days."""
    account = get_object_or_404(visible_accounts(request.user), code=code.replace("\0", ""))
    form = DaysForm(_days(account) | request.GET.dict())
    drawn_up = _drawn_up(account, form)
    if drawn_up is not None and "csv" in request.GET:
        return _file(account, drawn_up)
    balances = balances_of([account])
    readers = _readers(account, [balance.currency for balance in balances])
    shown = {
        "account": account,
        "form": form,
        "statement": drawn_up,
        "balances": [(readers[balance.currency], balance) for balance in balances],
        "reader": readers[account.currency_id],
    }
    return render(request, "portal/statement.html", shown)


def _days(account: Account) -> dict[str, str]:
    today = now().astimezone(ZoneInfo(account.timezone)).date()
    return {"first_on": f"{today - timedelta(days=_DAYS)}", "last_on": f"{today}"}


def _drawn_up(account: Account, form: DaysForm) -> Statement | None:
    if not form.is_valid():
        return None
    days: dict[str, date] = form.cleaned_data
    try:
        return statement_of(account=account, first_on=days["first_on"], last_on=days["last_on"])
    except BillingError as refusal:
        form.add_error(None, refusal.sentence)
        return None


def _readers(account: Account, currencies: Iterable[str]) -> dict[str, Any]:
    """How the account's amounts of each currency, and its days, are written."""
    units = dict(Currency.objects.filter(code__in=currencies).values_list("code", "minor_units"))
    written = {"locale": account.locale, "timezone": account.timezone}
    return {code: SimpleNamespace(**written, currency=code, minor_units=units[code]) for code in units}


def _file(account: Account, drawn_up: Statement) -> HttpResponse:
    name = statement_name(account.code, drawn_up)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(statement_csv(drawn_up), content_type="text/csv; charset=utf-8", headers=headers)
