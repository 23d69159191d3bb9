"""The console's page of an account's statement, and the same as CSV."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSingleDateWidget, UnfoldAdminTextInputWidget

from billing_site.common.admin import ConsoleAdmin, Table, show_money
from billing_site.common.clock import now
from billing_site.common.errors import BillingError
from catalogue.models import Account
from catalogue.selectors.visible import visible_accounts
from invoicing.domain.statements import Statement
from invoicing.pdf.statement_file import HEADINGS, statement_csv, statement_name, statement_rows
from invoicing.selectors.balances import balances_of
from invoicing.selectors.statements import statement_of

_SHOWN = 1_000
_DAYS = 92


class StatementForm(forms.Form):
    account = forms.CharField(help_text="Its code.", widget=UnfoldAdminTextInputWidget)
    first_on = forms.DateField(label="From", widget=UnfoldAdminSingleDateWidget)
    last_on = forms.DateField(label="To, included", widget=UnfoldAdminSingleDateWidget)


class StatementPages(ConsoleAdmin):
    """A list with a button that draws up the statement of an account."""

    @action(description="Statement", url_path="statement", permissions=["view"], icon="receipt_long")
    def statement(self, request: HttpRequest) -> HttpResponse:
        today = now().date()
        days = {"first_on": today - timedelta(days=_DAYS), "last_on": today}
        asked = {**{name: str(day) for name, day in days.items()}, **request.GET.dict()}
        form = StatementForm(asked if "account" in request.GET else None, initial=days)
        tables: list[Table] = []
        if form.is_bound and form.is_valid():
            values = form.cleaned_data
            account = visible_accounts(self.person(request)).filter(code=values["account"]).first()
            try:
                if account is None:
                    form.add_error("account", "There is no account by this code, or none that you may see.")
                else:
                    drawn_up = statement_of(
                        account=account, first_on=values["first_on"], last_on=values["last_on"]
                    )
                    if "csv" in request.GET:
                        return _file(account, drawn_up)
                    tables = [_balance(account), _statement(drawn_up)]
            except BillingError as refusal:
                form.add_error(None, refusal.sentence)
        context: dict[str, Any] = {
            **self.page_context(request, "Statement of an account"),
            "form": form,
            "file": "csv",
            "tables": tables,
        }
        return TemplateResponse(request, "console/statement.html", context)


def _balance(account: Account) -> Table:
    rows = [
        (show_money(balance.due, balance.currency), show_money(balance.unapplied, balance.currency))
        for balance in balances_of([account])
    ]
    return Table(f"{account}: now", ["due", "unapplied"], rows)


def _statement(statement: Statement) -> Table:
    rows = [
        (
            *(day, what, number, invoice),
            show_money(amount, statement.currency),
            show_money(balance, statement.currency),
        )
        for day, what, number, invoice, amount, balance in statement_rows(statement)
    ]
    title = f"{statement.first_on} to {statement.last_on}, both included"
    more = len(rows) - _SHOWN
    note = f"{more} rows more are in the CSV." if more > 0 else ""
    return Table(title, HEADINGS, rows[:_SHOWN], note)


def _file(account: Account, statement: Statement) -> HttpResponse:
    name = statement_name(account.code, statement)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(statement_csv(statement), content_type="text/csv; charset=utf-8", headers=headers)
