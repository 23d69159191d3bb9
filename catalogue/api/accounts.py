"""Who buys."""

from django_filters import rest_framework as filters

from billing_site.common.rest.fields import CodeField, RowSerializer
from billing_site.common.rest.filters import ByCode
from billing_site.common.rest.views import VisibleThings
from catalogue.models import Account, Scope
from catalogue.selectors.visible import visible_accounts, visible_companies


class AccountSerializer(RowSerializer):
    company = CodeField()

    class Meta:
        model = Account
        fields = [
            *("code", "company", "name", "currency", "country", "timezone", "locale", "address", "email"),
            *("tax_number", "late_usage", "payment_days", "opened_at", "external_id"),
        ]


class AccountFilters(filters.FilterSet):
    company = ByCode(visible_companies, field_name="company")

    class Meta:
        model = Account
        fields = ["country", "currency", "external_id"]


class AccountViewSet(VisibleThings):
    """The customers of your companies, each billed in one currency by the calendar of one time zone."""

    visible = staticmethod(visible_accounts)
    scope = Scope.CATALOGUE_READ
    serializer_class = AccountSerializer
    filterset_class = AccountFilters
    lookup_field = "code"
    lookup_value_regex = "[^/]+"
