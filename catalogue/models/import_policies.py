"""How price files are taken: who must approve one, which change is a jump, which word is which unit."""

from django.db import models
from django.db.models import Q

from catalogue.models.companies import Company


class PriceImportPolicy(models.Model):
    """One row says how a head office and its sales offices take price files; without it, as its defaults."""

    company = models.OneToOneField(
        Company, models.CASCADE, related_name="price_import_policy", limit_choices_to={"parent": None}
    )
    needs_approval = models.BooleanField(
        default=False, help_text="A second person must approve a price file before it is published."
    )
    jump_percent = models.DecimalField(
        max_digits=9, decimal_places=2, default=50, help_text="Warn of a price that changes by more."
    )

    class Meta:
        verbose_name_plural = "price import policies"
        constraints = [
            models.CheckConstraint(name="price_import_jump_above_zero", condition=Q(jump_percent__gt=0))
        ]

    def __str__(self) -> str:
        return f"Price files of {self.company.code}"


class UnitSpelling(models.Model):
    """One row says which unit a word of a price file means; a word without a row is refused."""

    spelling = models.CharField(max_length=60, primary_key=True)
    unit = models.CharField(max_length=60)

    class Meta:
        ordering = ["unit", "spelling"]

    def __str__(self) -> str:
        return self.spelling if self.spelling == self.unit else f"{self.spelling} = {self.unit}"
