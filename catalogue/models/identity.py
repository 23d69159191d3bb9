"""Who may: people and programs."""

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from catalogue.models.accounts import Account
from catalogue.models.companies import Company


class User(AbstractUser):
    """One row is a person: an operator of a company (and its sales offices), or a customer of accounts.

    Roles are groups: billing admin, pricing, approver, finance, support, auditor. A customer has `accounts`
    and no company.
    """

    company = models.ForeignKey(Company, models.PROTECT, null=True, blank=True, related_name="operators")
    accounts = models.ManyToManyField(Account, blank=True, related_name="customers")

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class Scope(models.TextChoices):
    """What an API key may do."""

    EVENTS_WRITE = "events:write", "send events"
    CATALOGUE_READ = "catalogue:read", "read products, prices and accounts"
    CATALOGUE_WRITE = "catalogue:write", "upload prices and accounts"
    ORDERS_WRITE = "orders:write", "place and cancel orders"
    BILLING_READ = "billing:read", "read charges and invoices"
    BILLING_WRITE = "billing:write", "run bill runs and record payments"
    COST_READ = "cost:read", "see cost and margin"


class ApiKey(models.Model):
    """One row is a key of a company, or of one account; the secret is shown once and kept as a hash."""

    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12, unique=True, help_text="The part before the dot; finds the key.")
    secret_hash = models.CharField(
        max_length=64, help_text="SHA-256 of the secret, which is random and long."
    )
    company = models.ForeignKey(Company, models.PROTECT, related_name="api_keys")
    account = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="api_keys")
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope))
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["company", "name"]
        verbose_name = "API key"
        constraints = [
            models.CheckConstraint(
                name="api_key_scopes_known", condition=Q(scopes__contained_by=[str(s) for s in Scope.values])
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"
