"""Of what the database keeps who changed what when: a table `<model>event` for each model here.

Prices are not among them: an entry never changes and is its own history. Only its end and that another took
its place are noted, narrowly, because a price file may do that to a million entries.
"""

from pghistory import DeleteEvent, InsertEvent, UpdateEvent, track
from pgtrigger import AnyChange

from catalogue.models.accounts import Account
from catalogue.models.companies import Company
from catalogue.models.contacts import Contact
from catalogue.models.currencies import Currency, ExchangeRate
from catalogue.models.identity import ApiKey, User
from catalogue.models.import_policies import PriceImportPolicy, UnitSpelling
from catalogue.models.prices import Price
from catalogue.models.products import Product, UnitFactor
from catalogue.models.promotions import Promotion
from catalogue.models.tax_rates import TaxRate
from catalogue.models.tax_treatments import TaxTreatment

for tracked in (
    *(Account, Company, Contact, Currency, ExchangeRate, PriceImportPolicy, Product, TaxRate, UnitFactor),
    *(TaxTreatment, UnitSpelling),
):
    track(InsertEvent(), UpdateEvent(), DeleteEvent())(tracked)

# Redemptions are counted by bill runs; they stand on the invoices.
track(InsertEvent(), UpdateEvent(), DeleteEvent(), exclude=["redemptions"])(Promotion)
track(InsertEvent(), UpdateEvent(), DeleteEvent(), exclude=["secret_hash"])(ApiKey)
track(
    InsertEvent(),
    UpdateEvent(),
    UpdateEvent("password", condition=AnyChange("password")),
    DeleteEvent(),
    exclude=["password", "last_login"],
)(User)
track(UpdateEvent(), fields=["valid_to", "superseded_at"], model_name="PriceEvent")(Price)


class UserRole(User.groups.through):  # type: ignore[name-defined]
    """One row is a role of a person."""

    class Meta:
        proxy = True


class UserAccount(User.accounts.through):  # type: ignore[name-defined]
    """One row is an account that a customer reaches."""

    class Meta:
        proxy = True


class PromotionAccount(Promotion.accounts.through):  # type: ignore[name-defined]
    """One row is an account that holds a promotion."""

    class Meta:
        proxy = True


class PromotionProduct(Promotion.products.through):  # type: ignore[name-defined]
    """One row is a product that a promotion takes off."""

    class Meta:
        proxy = True


for members in (UserRole, UserAccount, PromotionAccount, PromotionProduct):
    track(InsertEvent("added"), DeleteEvent("removed"), obj_field=None)(members)
