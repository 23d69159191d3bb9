"""What it costs: the entries of the price books."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from billing_site.common.base_models import AmountField, QuantityField
from catalogue.models.accounts import Account
from catalogue.models.companies import Company
from catalogue.models.currencies import Currency
from catalogue.models.products import Product


class Price(models.Model):
    """One row is an entry of a company's price book (or agreed with one account); it never changes.

    Entries may overlap: at each instant the one with the latest `valid_from` counts, then the one entered
    last. Entering the same key again sets `superseded_at` on the first, which stays readable for the charges
    that it priced.

    A price file enters a million at once, and checking foreign keys would cost more than the entries: only
    the account, which is rare, has one. The services take company, product and currency from their tables.
    """

    class Model(models.TextChoices):
        PER_UNIT = "per_unit", "per unit"
        FLAT = "flat", "flat fee"
        GRADUATED = "graduated", "graduated tiers"
        VOLUME = "volume", "volume tiers"
        STAIRSTEP = "stairstep", "stairstep"
        PACKAGE = "package", "packages"
        PERCENTAGE = "percentage", "percentage"

    class Scope(models.TextChoices):
        RESOURCE = "resource", "each resource"
        ACCOUNT = "account", "the account"

    company = models.ForeignKey(
        Company, models.PROTECT, related_name="prices", db_constraint=False, db_index=False
    )
    product = models.ForeignKey(
        Product, models.PROTECT, related_name="prices", db_constraint=False, db_index=False
    )
    currency = models.ForeignKey(
        Currency,
        models.PROTECT,
        related_name="+",
        db_column="currency",
        db_constraint=False,
        db_index=False,
    )
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="agreed_prices", db_index=False
    )
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True, help_text="Exclusive; empty: open.")
    model = models.CharField(max_length=12, choices=Model, default=Model.PER_UNIT)
    unit_price = AmountField(null=True, blank=True)
    fee = AmountField(null=True, blank=True)
    package_size = QuantityField(null=True, blank=True)
    package_price = AmountField(null=True, blank=True)
    percent = models.DecimalField(max_digits=20, decimal_places=12, null=True, blank=True)
    fixed_fee = AmountField(null=True, blank=True)
    included = QuantityField(default=0)
    cap = AmountField(null=True, blank=True)
    minimum = AmountField(null=True, blank=True)
    scope = models.CharField(max_length=10, choices=Scope, default=Scope.RESOURCE)
    note = models.TextField(blank=True, help_text="Where the price comes from.")
    superseded_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["company", "product", "currency", "-valid_from", "-id"]
        permissions = [("view_cost", "Can see cost and margin")]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "company", "currency", "account", "valid_from"],
                condition=Q(superseded_at=None),
                nulls_distinct=False,
                name="price_entered_once",
            ),
            models.CheckConstraint(
                name="price_ends_after_it_starts",
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
            ),
            models.CheckConstraint(
                name="price_has_the_terms_of_its_model",
                condition=(
                    Q(model="per_unit", unit_price__isnull=False)
                    | Q(model="flat", fee__isnull=False)
                    | Q(model__in=["graduated", "volume", "stairstep"])
                    | Q(model="package", package_size__gt=0, package_price__isnull=False)
                    | Q(model="percentage", percent__isnull=False)
                ),
            ),
            models.CheckConstraint(name="price_included_not_negative", condition=Q(included__gte=0)),
        ]
        indexes = [
            models.Index(
                fields=["product", "company", "currency"],
                condition=~Q(superseded_at=None),
                name="price_superseded",
            ),
            models.Index(fields=["account"], condition=~Q(account=None), name="price_agreed"),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="never_changes",
                fields=[
                    "company",
                    "product",
                    "currency",
                    "account",
                    "valid_from",
                    "model",
                    "unit_price",
                    "fee",
                    "package_size",
                    "package_price",
                    "percent",
                    "fixed_fee",
                    "included",
                    "cap",
                    "minimum",
                    "scope",
                ],
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.product.sku} {self.currency_id} from {self.valid_from:%Y-%m-%d}"


class PriceTier(models.Model):
    """One row is a tier of a price: quantities in (lower, up_to]; the last tier is open (`up_to` empty)."""

    price = models.ForeignKey(Price, models.PROTECT, related_name="tiers")
    position = models.PositiveSmallIntegerField()
    lower = QuantityField()
    up_to = QuantityField(null=True, blank=True)
    unit_price = AmountField(default=0)
    flat_fee = AmountField(default=0)

    class Meta:
        ordering = ["price", "position"]
        constraints = [
            models.UniqueConstraint(fields=["price", "position"], name="price_tier_position_once"),
            models.CheckConstraint(
                name="price_tier_not_empty", condition=Q(up_to=None) | Q(up_to__gt=F("lower"))
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="tier_never_changes", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"({self.lower}, {self.up_to or 'open'}]"
