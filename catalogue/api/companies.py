"""Who sells."""

from billing_site.common.rest.fields import CodeField, RowSerializer
from billing_site.common.rest.views import VisibleThings
from catalogue.models import Company, Scope
from catalogue.selectors.visible import visible_companies


class CompanySerializer(RowSerializer):
    parent = CodeField(help_text="The head office; null: it is one.")  # type: ignore[assignment]

    class Meta:
        model = Company
        fields = ["code", "name", "country", "currency", "timezone", "parent", "number_prefix", "tax_number"]


class CompanyViewSet(VisibleThings):
    """The companies that you reach."""

    visible = staticmethod(visible_companies)
    scope = Scope.CATALOGUE_READ
    serializer_class = CompanySerializer
    lookup_field = "code"
