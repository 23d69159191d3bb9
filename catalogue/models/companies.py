"""Who sells: the head office and its sales offices."""

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.fields.files import FieldFile

from catalogue.domain.logos import NotALogo, logo_type
from catalogue.models.currencies import Currency

_LARGEST_LOGO = 500_000


def check_logo(file: FieldFile) -> None:
    """Refuse what could not be printed."""
    if file.size > _LARGEST_LOGO:
        raise ValidationError(f"The logo has {file.size} bytes; use one of at most {_LARGEST_LOGO:,}.")
    file.open("rb")
    content = file.read()
    # The storage reads it once more: a closed one could not be stored.
    file.seek(0)
    try:
        logo_type(content)
    except NotALogo as error:
        raise ValidationError(error.sentence) from error


class Company(models.Model):
    """One row is a company with one price book.

    A company without a parent is a head office; it may sell from its own book and then has no cost side.
    The parent's book is what its sales offices pay.
    """

    class TaxRounding(models.TextChoices):
        HALF_UP = "half_up", "half up"
        DOWN = "down", "towards zero"

    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2, help_text="ISO 3166 alpha-2.")
    currency = models.ForeignKey(Currency, models.PROTECT, related_name="+", db_column="currency")
    timezone = models.CharField(max_length=50, default="UTC", help_text="IANA name, such as Europe/Berlin.")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="sales_offices")
    tax_rounding = models.CharField(max_length=10, choices=TaxRounding, default=TaxRounding.HALF_UP)
    number_prefix = models.CharField(
        max_length=20, unique=True, help_text="Of invoice numbers: PREFIX-2026-00001."
    )
    address = models.TextField(blank=True)
    tax_number = models.CharField(max_length=40, blank=True)
    legal_footer = models.TextField(blank=True, help_text="Printed at the foot of every invoice.")
    # A storage never gives a name twice, so an invoice that names its logo keeps the one of its issue.
    logo = models.FileField(
        upload_to="logos/",
        blank=True,
        max_length=200,
        validators=[check_logo],
        help_text="PNG, JPEG or SVG of at most 500 kB, printed at the head of every invoice.",
    )

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "companies"
        constraints = [
            models.CheckConstraint(name="company_is_not_its_parent", condition=~Q(parent=F("id"))),
            models.CheckConstraint(name="company_country_is_iso", condition=Q(country__regex=r"^[A-Z]{2}$")),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="two_levels",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id"),
                condition=pgtrigger.Q(new__parent__isnull=False),
                # Locking the parent keeps two transactions from building a third level side by side.
                func="""
                    PERFORM 1 FROM catalogue_company WHERE id = NEW.parent_id AND parent_id IS NULL FOR UPDATE;
                    IF NOT FOUND THEN
                        RAISE EXCEPTION 'Company % cannot have a parent that has a parent itself.', NEW.code
                            USING ERRCODE = 'check_violation';
                    END IF;
                    PERFORM 1 FROM catalogue_company WHERE parent_id = NEW.id;
                    IF FOUND THEN
                        RAISE EXCEPTION 'Company % has sales offices, so it cannot have a parent.', NEW.code
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,  # noqa: E501
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def clean(self) -> None:
        if self.parent and self.parent.parent_id:
            raise ValidationError({"parent": f"{self.parent.code} is a sales office; choose a head office."})

    @property
    def head_office_id(self) -> int:
        """The company whose order stream and price book this one lives under: the parent, or itself."""
        return self.parent_id or self.pk
