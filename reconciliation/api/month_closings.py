"""Which months are soft-closed or closed, by whom and since when."""

from django_filters import rest_framework as filters

from billing_site.common.rest.fields import CodeField, MonthField, RowSerializer
from billing_site.common.rest.filters import ByCode, MonthFilter
from billing_site.common.rest.views import VisibleRows
from catalogue.models import Scope
from catalogue.selectors.visible import visible_companies
from reconciliation.models import MonthClosing
from reconciliation.selectors.visible import visible_month_closings


class MonthClosingSerializer(RowSerializer):
    company = CodeField()
    month = MonthField()

    class Meta:
        model = MonthClosing
        fields = ["company", "month", "state", "soft_closed_at", "closed_at"]


class MonthClosingFilters(filters.FilterSet):
    company = ByCode(visible_companies, field_name="company")
    month = MonthFilter()

    class Meta:
        model = MonthClosing
        fields = ["state"]


class MonthClosingViewSet(VisibleRows):
    """Months that somebody soft-closed or closed; a month that is not listed is open."""

    visible = staticmethod(visible_month_closings)
    scope = Scope.BILLING_READ
    serializer_class = MonthClosingSerializer
    filterset_class = MonthClosingFilters
