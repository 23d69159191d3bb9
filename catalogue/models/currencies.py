"""Currencies and the rates between them."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q


class Currency(models.Model):
    """One row is a currency of ISO 4217 with its minor units (JPY 0, KWD 3)."""

    code = models.CharField(max_length=3, primary_key=True, validators=[RegexValidator(r"^[A-Z]{3}$")])
    name = models.CharField(max_length=80)
    minor_units = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "currencies"
        constraints = [
            models.CheckConstraint(name="currency_code_is_iso", condition=Q(code__regex=r"^[A-Z]{3}$")),
            models.CheckConstraint(name="currency_minor_units_0_to_4", condition=Q(minor_units__lte=4)),
        ]

    def __str__(self) -> str:
        return self.code


class ExchangeRate(models.Model):
    """One row is the rate of a pair on a day: 1 base = rate quote. Never used the other way round."""

    base = models.ForeignKey(Currency, models.PROTECT, related_name="+", db_column="base")
    quote = models.ForeignKey(Currency, models.PROTECT, related_name="+", db_column="quote")
    rated_on = models.DateField()
    rate = models.DecimalField(max_digits=28, decimal_places=12)
    source = models.CharField(max_length=40, help_text="Who said so: ECB, manual, demo.")

    class Meta:
        ordering = ["base", "quote", "-rated_on"]
        constraints = [
            models.UniqueConstraint(fields=["base", "quote", "rated_on"], name="exchange_rate_once_a_day"),
            models.CheckConstraint(name="exchange_rate_above_zero", condition=Q(rate__gt=0)),
            models.CheckConstraint(name="exchange_rate_of_two_currencies", condition=~Q(base=F("quote"))),
        ]

    def __str__(self) -> str:
        return f"1 {self.base_id} = {self.rate.normalize():f} {self.quote_id} on {self.rated_on}"
