"""Who sells, who buys, what, at which price."""

from catalogue.models.account_changes import AccountChange
from catalogue.models.accounts import Account
from catalogue.models.companies import Company
from catalogue.models.contacts import Contact
from catalogue.models.currencies import Currency, ExchangeRate
from catalogue.models.identity import ApiKey, Scope, User
from catalogue.models.import_changes import Action, ImportLine, PriceChange, ProductChange
from catalogue.models.import_policies import PriceImportPolicy, UnitSpelling
from catalogue.models.imports import ImportFinding, PriceImport, PriceImportProgress
from catalogue.models.prices import Price, PriceTier
from catalogue.models.products import Product, UnitFactor
from catalogue.models.promotions import Promotion
from catalogue.models.tax_rates import TaxRate
from catalogue.models.tax_treatments import TaxTreatment

# Last, because it looks at the others.
from catalogue.models import history  # noqa: F401  isort: skip

__all__ = [
    "Account",
    "AccountChange",
    "Action",
    "ApiKey",
    "Company",
    "Contact",
    "Currency",
    "ExchangeRate",
    "ImportFinding",
    "ImportLine",
    "Price",
    "PriceChange",
    "PriceImport",
    "PriceImportPolicy",
    "PriceImportProgress",
    "PriceTier",
    "Product",
    "ProductChange",
    "Promotion",
    "Scope",
    "TaxRate",
    "TaxTreatment",
    "UnitFactor",
    "UnitSpelling",
    "User",
]
