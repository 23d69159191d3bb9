"""What a price file says, line by line, and what it would change."""

from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from billing_site.common.base_models import AmountField, QuantityField
from catalogue.models.accounts import Account
from catalogue.models.companies import Company
from catalogue.models.currencies import Currency
from catalogue.models.imports import PriceImport
from catalogue.models.prices import Price
from catalogue.models.products import Product


class ImportLine(models.Model):
    """One row is a line of a price file as it was read; kept only while it is checked.

    A column that the file has not is null; an empty cell is empty.
    """

    pk = models.CompositePrimaryKey("price_import_id", "line")
    price_import = models.ForeignKey(
        PriceImport, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    line = models.PositiveIntegerField(help_text="Counted as an editor does; the heading is line 1.")
    sku = models.TextField()
    withdraw = models.TextField(null=True)
    valid_from = models.TextField(null=True)
    valid_to = models.TextField(null=True)
    # of a wide file
    name = models.TextField(null=True)
    family = models.TextField(null=True)
    category = models.TextField(null=True)
    provider = models.TextField(null=True)
    region = models.TextField(null=True)
    unit = models.TextField(null=True)
    charge_type = models.TextField(null=True)
    cost_basis = models.TextField(null=True)
    kind = models.TextField(null=True)
    unit_factors = models.TextField(null=True)
    aggregation = models.TextField(null=True)
    tax_category = models.TextField(null=True)
    # of a long file
    company = models.TextField(null=True)
    currency = models.TextField(null=True)
    account = models.TextField(null=True)
    model = models.TextField(null=True)
    tiers = models.JSONField(null=True)
    scope = models.TextField(null=True)
    note = models.TextField(null=True)
    # The price columns of a wide file, or the number columns of a long one, in order; null is an empty cell.
    amounts = ArrayField(models.DecimalField(max_digits=38, decimal_places=12, null=True))


class Action(models.TextChoices):
    """What a file does to a product or a price."""

    NEW = "new", "new"
    CHANGED = "changed", "changed"
    UNCHANGED = "unchanged", "unchanged"
    WITHDRAWN = "withdrawn", "withdrawn"


class ProductChange(models.Model):
    """One row is a line of a wide file: the product as it will be, and what it is before if that changes.

    The id of a new product is reserved when the file is checked.
    """

    pk = models.CompositePrimaryKey("price_import_id", "line")
    price_import = models.ForeignKey(
        PriceImport, models.PROTECT, related_name="product_changes", db_constraint=False, db_index=False
    )
    line = models.PositiveIntegerField()
    action = models.CharField(max_length=10, choices=Action)
    product = models.ForeignKey(
        Product, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    sku = models.TextField()
    name = models.TextField()
    family = models.TextField()
    category = models.TextField()
    provider = models.TextField()
    region = models.TextField()
    unit = models.TextField()
    kind = models.TextField()
    aggregation = models.TextField()
    tax_category = models.TextField()
    ended_at = models.DateTimeField(null=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    unit_factors = models.TextField(blank=True, help_text="As the file has them: second=1/3600.")
    note = models.TextField(blank=True, help_text="The file's cost_basis, for the head office's price.")
    before = models.JSONField(null=True, encoder=DjangoJSONEncoder)


class PriceChange(models.Model):
    """One row is a price of a file, as it will be, beside the one in force at its `valid_from`.

    `position` counts the price columns of a wide file. The id of a new entry is reserved when the file is
    checked.
    """

    pk = models.CompositePrimaryKey("price_import_id", "line", "company_id")
    price_import = models.ForeignKey(
        PriceImport, models.PROTECT, related_name="price_changes", db_constraint=False, db_index=False
    )
    line = models.PositiveIntegerField()
    position = models.PositiveSmallIntegerField(null=True)
    action = models.CharField(max_length=10, choices=Action)
    company = models.ForeignKey(
        Company, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    product = models.ForeignKey(
        Product, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )
    currency = models.ForeignKey(
        Currency,
        models.DO_NOTHING,
        related_name="+",
        db_column="currency",
        db_constraint=False,
        db_index=False,
    )
    account = models.ForeignKey(
        Account, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    model = models.CharField(max_length=12, choices=Price.Model)
    unit_price = AmountField(null=True)
    fee = AmountField(null=True)
    package_size = QuantityField(null=True)
    package_price = AmountField(null=True)
    percent = models.DecimalField(max_digits=20, decimal_places=12, null=True)
    fixed_fee = AmountField(null=True)
    included = QuantityField(default=0)
    cap = AmountField(null=True)
    minimum = AmountField(null=True)
    scope = models.CharField(max_length=10, choices=Price.Scope, default=Price.Scope.RESOURCE)
    tiers = models.JSONField(null=True, help_text="[[up_to, unit_price, flat_fee], ...]; the last is open.")
    note = models.TextField(default="")
    price = models.ForeignKey(
        Price, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )
    old_price = models.ForeignKey(
        Price, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )
    change_percent = models.DecimalField(max_digits=40, decimal_places=2, null=True)
