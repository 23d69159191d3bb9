"""At which price."""

from django.db.models import Q
from django_filters import rest_framework as filters
from rest_framework import serializers

from billing_site.common.rest.fields import CodeField, RowSerializer
from billing_site.common.rest.filters import ByCode
from billing_site.common.rest.views import VisibleRows
from catalogue.models import Price, PriceTier, Scope
from catalogue.selectors.visible import visible_accounts, visible_companies, visible_prices


class PriceTierSerializer(RowSerializer):
    class Meta:
        model = PriceTier
        fields = ["lower", "up_to", "unit_price", "flat_fee"]


class PriceSerializer(RowSerializer):
    company = CodeField(help_text="Whose price book.")
    sku = serializers.CharField(source="product.sku", read_only=True)
    account = CodeField(help_text="Agreed with it; null: the book.")
    tiers = PriceTierSerializer(many=True, read_only=True)

    class Meta:
        model = Price
        fields = [
            *("id", "company", "sku", "currency", "account", "valid_from", "valid_to", "model", "unit_price"),
            *("fee", "package_size", "package_price", "percent", "fixed_fee", "tiers", "included", "cap"),
            *("minimum", "scope", "note", "superseded_at"),
        ]


class PriceFilters(filters.FilterSet):
    company = ByCode(visible_companies, field_name="company")
    account = ByCode(visible_accounts, field_name="account")
    sku = filters.CharFilter(field_name="product__sku")
    valid_at = filters.IsoDateTimeFilter(
        method="of_instant",
        label="Entries in force at an instant; of several the latest `valid_from` counts.",
    )

    class Meta:
        model = Price
        fields = ["currency", "model"]

    def of_instant(self, prices, _name, instant):
        ends_later = Q(valid_to=None) | Q(valid_to__gt=instant)
        return prices.filter(ends_later, superseded_at=None, valid_from__lte=instant)


class PriceViewSet(VisibleRows):
    """The entries of the price books; the head office's, which are cost, only for those who may see cost."""

    visible = staticmethod(visible_prices)
    scope = Scope.CATALOGUE_READ
    serializer_class = PriceSerializer
    filterset_class = PriceFilters
