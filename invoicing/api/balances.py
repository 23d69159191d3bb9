"""What an account owes, and how it came to that."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from billing_site.common.rest.bodies import Body
from billing_site.common.rest.requests import NotFound, caller_of
from catalogue.models import Account, Scope
from catalogue.selectors.visible import visible_accounts
from invoicing.api.fields import AmountField
from invoicing.selectors.balances import balances_of
from invoicing.selectors.statements import statement_of


class BalanceSerializer(serializers.Serializer[Any]):
    currency = serializers.CharField()
    due = AmountField(help_text="Open on its invoices.")
    unapplied = AmountField(help_text="Money and credit that no invoice uses.")


class AccountBalanceSerializer(serializers.Serializer[Any]):
    account = serializers.CharField()
    balances = BalanceSerializer(many=True, help_text="One a currency.")


class StatementQuery(Body):
    first_on = serializers.DateField()
    last_on = serializers.DateField(help_text="Included.")
    currency = serializers.RegexField("^[A-Z]{3}$", required=False, help_text="Default: the account's.")


class EntrySerializer(serializers.Serializer[Any]):
    on = serializers.DateField(source="entry.on")
    kind = serializers.ChoiceField(["invoice", "credit_note", "payment"], source="entry.kind")
    number = serializers.CharField(source="entry.number", help_text="Or the payment's reference.")
    invoice = serializers.CharField(source="entry.invoice", help_text="That it names; may be empty.")
    amount = AmountField(source="entry.amount", help_text="What raises what is owed is positive.")
    balance = AmountField()


class StatementSerializer(serializers.Serializer[Any]):
    currency = serializers.CharField()
    first_on = serializers.DateField()
    last_on = serializers.DateField()
    opening_balance = AmountField()
    entries = EntrySerializer(many=True)
    closing_balance = AmountField()


class BalanceView(APIView):
    """What is open on an account's invoices, and what is unapplied."""

    scope = Scope.BILLING_READ
    permission = "invoicing.view_invoice"

    @extend_schema(responses=AccountBalanceSerializer)
    def get(self, request: Request, code: str) -> Response:
        """One row a currency; computed from invoices, credit notes and payments as they stand."""
        account = _account(request, code)
        body = {"account": account.code, "balances": balances_of([account])}
        return Response(AccountBalanceSerializer(body).data)


class StatementView(APIView):
    """An account's documents and payments of some days, between an opening and a closing balance."""

    scope = Scope.BILLING_READ
    permission = "invoicing.view_invoice"

    @extend_schema(parameters=[StatementQuery], responses=StatementSerializer)
    def get(self, request: Request, code: str) -> Response:
        """In order of their days; both days are included."""
        asked = StatementQuery(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        return Response(
            StatementSerializer(statement_of(account=_account(request, code), **asked.validated_data)).data
        )


def _account(request: Request, code: str) -> Account:
    found = visible_accounts(caller_of(request)).filter(code=code).first() if "\0" not in code else None
    if found is None:
        raise NotFound
    return found
