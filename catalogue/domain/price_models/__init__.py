"""Price models: one file each. A model holds its own terms and prices a quantity in steps."""

from catalogue.domain.price_models.flat import Flat
from catalogue.domain.price_models.graduated import Graduated
from catalogue.domain.price_models.package import Package
from catalogue.domain.price_models.per_unit import PerUnit
from catalogue.domain.price_models.percentage import Percentage
from catalogue.domain.price_models.stairstep import Stairstep
from catalogue.domain.price_models.steps import Step
from catalogue.domain.price_models.tiers import InvalidTiers, Tier
from catalogue.domain.price_models.volume import Volume

PriceModel = PerUnit | Flat | Graduated | Volume | Stairstep | Package | Percentage

PRICE_MODELS: dict[str, type[PriceModel]] = {
    "per_unit": PerUnit,
    "flat": Flat,
    "graduated": Graduated,
    "volume": Volume,
    "stairstep": Stairstep,
    "package": Package,
    "percentage": Percentage,
}

__all__ = [
    "PRICE_MODELS",
    "Flat",
    "Graduated",
    "InvalidTiers",
    "Package",
    "PerUnit",
    "Percentage",
    "PriceModel",
    "Stairstep",
    "Step",
    "Tier",
    "Volume",
]
