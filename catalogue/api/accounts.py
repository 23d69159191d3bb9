"""Who buys."""

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiRequest, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from billing_site.common.rest.bodies import Body
from billing_site.common.rest.fields import CodeField, RowSerializer
from billing_site.common.rest.files import CsvBody, ImportQuery, file_of
from billing_site.common.rest.filters import ByCode
from billing_site.common.rest.requests import NotFound, caller_of
from billing_site.common.rest.views import VisibleThings
from catalogue.models import Account, AccountChange, Company, Contact, Scope, TaxTreatment
from catalogue.selectors.account_changes import visible_account_changes
from catalogue.selectors.visible import visible_accounts, visible_companies
from catalogue.services.account_changes import number_account_changes
from catalogue.services.account_entries import PARTS, AccountEntry
from catalogue.services.account_files import import_accounts
from catalogue.services.account_saving import SavedAccounts, save_accounts


class ContactSerializer(RowSerializer):
    class Meta:
        model = Contact
        fields = ["name", "email", "phone", "role"]


class TaxTreatmentSerializer(RowSerializer):
    class Meta:
        model = TaxTreatment
        fields = ["category", "reason", "certificate", "valid_from", "valid_to"]


class AccountSerializer(RowSerializer):
    company = CodeField()
    contacts = ContactSerializer(many=True, read_only=True)
    tax_treatments = TaxTreatmentSerializer(many=True, read_only=True)

    class Meta:
        model = Account
        fields = [
            *("code", "company", "name", "currency", "country", "timezone", "locale", "address"),
            *("delivery_address", "email", "contacts", "tax_number", "tax_treatments", "late_usage"),
            *("payment_days", "usage_annex", "opened_at", "external_id"),
        ]


class ContactRequest(Body):
    name = serializers.CharField(max_length=200, allow_blank=True, default="")
    email = serializers.EmailField(allow_blank=True, default="")
    phone = serializers.CharField(max_length=40, allow_blank=True, default="")
    role = serializers.ChoiceField(choices=Contact.Role.choices, default=Contact.Role.BILLING)


class TaxTreatmentRequest(Body):
    category = serializers.ChoiceField(choices=TaxTreatment.Category.choices)
    reason = serializers.CharField(max_length=250, allow_blank=True, default="")
    certificate = serializers.CharField(max_length=100, allow_blank=True, default="")
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True, default=None)


class AccountPatch(Body):
    """What may change; a field that is not sent stays.

    `contacts` and `tax_treatments` replace those that stand.
    """

    external_id = serializers.CharField(max_length=100, required=False, allow_blank=True)
    name = serializers.CharField(max_length=200, required=False)
    country = serializers.CharField(max_length=2, required=False, help_text="ISO 3166 alpha-2.")
    timezone = serializers.CharField(max_length=50, required=False, help_text="IANA name.")
    locale = serializers.CharField(max_length=20, required=False)
    address = serializers.CharField(required=False, allow_blank=True)
    delivery_address = serializers.CharField(required=False, allow_blank=True)
    email = serializers.EmailField(required=False, allow_blank=True)
    contacts = ContactRequest(many=True, required=False)
    tax_number = serializers.CharField(max_length=40, required=False, allow_blank=True)
    tax_treatments = TaxTreatmentRequest(many=True, required=False)
    late_usage = serializers.ChoiceField(choices=Account.LateUsage.choices, required=False)
    payment_days = serializers.IntegerField(min_value=0, max_value=365, required=False)
    usage_annex = serializers.BooleanField(required=False)
    opened_at = serializers.DateTimeField(required=False, allow_null=True)


class AccountRequest(AccountPatch):
    """An account as another system has it, known by its external id or its code."""

    company = serializers.CharField(required=False, help_text="Its code; not needed if you reach only one.")
    code = serializers.CharField(max_length=60, required=False)
    currency = serializers.CharField(max_length=3, required=False, help_text="Of a new account; it stays.")


class AccountChangeSerializer(RowSerializer):
    account = AccountSerializer(help_text="As it is now.")

    class Meta:
        model = AccountChange
        fields = ["position", "kind", "fields", "changed_at", "account"]


class AccountFeed(serializers.Serializer[Any]):
    cursor = serializers.CharField(help_text="Keep it, and ask with it for what comes next.")
    more = serializers.BooleanField(help_text="Whether there is more to be had at once.")
    results = AccountChangeSerializer(many=True)


class FeedQuery(Body):
    cursor = serializers.IntegerField(min_value=0, max_value=2**63 - 1, default=0)
    page_size = serializers.IntegerField(min_value=1, max_value=1000, default=100)


class SavedSerializer(serializers.Serializer[SavedAccounts]):
    new = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()


class AccountFilters(filters.FilterSet):
    company = ByCode(visible_companies, field_name="company")

    class Meta:
        model = Account
        fields = ["country", "currency", "external_id"]


class AccountViewSet(VisibleThings):
    """The customers of your companies, each billed in one currency by the calendar of one time zone."""

    serializer_class = AccountSerializer
    filterset_class = AccountFilters
    lookup_field = "code"
    lookup_value_regex = "[^/]+"
    _RIGHTS = {
        "create": "catalogue.add_account",
        "import_file": "catalogue.add_account",
        "partial_update": "catalogue.change_account",
    }

    @staticmethod
    def visible(caller: Any) -> QuerySet[Account]:
        return visible_accounts(caller).prefetch_related(*PARTS)

    @property
    def scope(self) -> str:  # type: ignore[override]
        return Scope.CATALOGUE_WRITE if self.action in self._RIGHTS else Scope.CATALOGUE_READ

    @property
    def permission(self) -> str:
        return self._RIGHTS.get(self.action, super().permission)

    @extend_schema(request=AccountRequest, responses={200: AccountSerializer, 201: AccountSerializer})
    def create(self, request: Request) -> Response:
        """Open an account, or change the one with this external id or code. Safe to repeat."""
        asked = AccountRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        values = dict(asked.validated_data)
        company = self._company(values.pop("company", None))
        saved = save_accounts(entries=[AccountEntry(company, values, _parts(values))])
        account = self.get_queryset().get(pk=saved.ids[0])
        code = status.HTTP_201_CREATED if saved.new else status.HTTP_200_OK
        return Response(AccountSerializer(account).data, status=code)

    @extend_schema(request=AccountPatch, responses=AccountSerializer)
    def partial_update(self, request: Request, code: str) -> Response:  # noqa: ARG002 (get_object reads it)
        """Change an account: what is sent, and nothing else."""
        account = self.get_object()
        asked = AccountPatch(data=request.data)
        asked.is_valid(raise_exception=True)
        values = {**asked.validated_data, "code": account.code}
        save_accounts(entries=[AccountEntry(account.company, values, _parts(values))])
        return Response(AccountSerializer(self.get_queryset().get(pk=account.pk)).data)

    @extend_schema(
        request={CsvBody.media_type: OpenApiRequest(OpenApiTypes.STR)},
        parameters=[ImportQuery],
        responses=SavedSerializer,
    )
    @action(detail=False, methods=["post"], url_path="import", parser_classes=[CsvBody])
    def import_file(self, request: Request) -> Response:
        """Bring a customer base in by CSV: a line an account, all or nothing, safe to repeat."""
        asked = ImportQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        companies = list(visible_companies(caller_of(request)))
        saved = import_accounts(
            file=file_of(request, "import_accounts"),
            companies=companies,
            dry_run=asked.validated_data["dry_run"],
        )
        return Response(SavedSerializer(saved).data)

    @extend_schema(
        parameters=[
            OpenApiParameter("cursor", str, description="Of the answer before; without it, from the first."),
            OpenApiParameter("page_size", int),
        ],
        responses=AccountFeed,
        filters=False,
    )
    @action(detail=False, pagination_class=None)
    def changes(self, request: Request) -> Response:
        """Follow the accounts: each change once, in an order to which nothing is added behind you.

        Ask, keep `cursor`, ask again with it. Accounts that were there first come first, as created.
        """
        asked = FeedQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        after, size = asked.validated_data["cursor"], asked.validated_data["page_size"]
        number_account_changes()
        changes = visible_account_changes(caller_of(request)).filter(position__gt=after)
        found = list(changes[: size + 1])
        page = found[:size]
        feed = {
            "cursor": str(page[-1].position if page else after),
            "more": len(found) > size,
            "results": page,
        }
        return Response(AccountFeed(feed).data)

    def _company(self, code: str | None) -> Company:
        companies = visible_companies(caller_of(self.request))
        if code is not None:
            companies = companies.filter(code=code)
        named = list(companies[:2])
        if len(named) != 1:
            raise ValidationError(
                {"company": NotFound.default_detail if code else "Say whose account it is, by code."}
            )
        return named[0]


def _parts(values: dict[str, Any]) -> dict[str, Any]:
    """Take what an account has several of out of the values that were sent."""
    return {kind: values.pop(kind) for kind in PARTS if kind in values}
