"""Whom to write to: the people of an account."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from catalogue.models.accounts import Account


class Contact(models.Model):
    """One row is a person, or a shared mailbox, of an account. A contact has no login: see User."""

    class Role(models.TextChoices):
        BILLING = "billing", "invoices and payment"
        TECHNICAL = "technical", "resources and usage"
        PURCHASING = "purchasing", "orders and prices"
        MANAGEMENT = "management", "contracts"
        OTHER = "other", "other"

    account = models.ForeignKey(Account, models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    role = models.CharField(max_length=20, choices=Role, default=Role.BILLING)

    class Meta:
        ordering = ["account", "id"]
        constraints = [
            models.CheckConstraint(
                name="contact_can_be_reached_or_named", condition=~Q(name="", email="", phone="")
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email or self.phone

    def clean(self) -> None:
        if not (self.name or self.email or self.phone):
            raise ValidationError("A contact needs a name, an e-mail address or a telephone number.")
