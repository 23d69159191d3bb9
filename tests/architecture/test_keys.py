"""Foreign keys run down the line of apps, nobody follows one backwards, and the bulk tables have none."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from invoicing.models import InterCompanyLine, InvoiceLine
from metering.models import Charge, EventIdentity, LifecycleEvent, ResourceInterval, UsageEvent
from tests.architecture.sources import APPS, Source, sources

# A foreign key costs these tables as much as the insert: jobs and reconciliation prove the references.
BULK_TABLES = (
    LifecycleEvent,
    UsageEvent,
    EventIdentity,
    ResourceInterval,
    Charge,
    InvoiceLine,
    InterCompanyLine,
)


def keys(model: type[models.Model]) -> Iterator[tuple[str, str]]:
    """Yield each relation's name and the app of the model that it names."""
    for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
        if field.remote_field:
            named = field.remote_field.model
            yield field.name, named.split(".")[0] if isinstance(named, str) else named._meta.app_label


def upward_keys(of: Iterable[type[models.Model]]) -> list[str]:
    return [
        f"{model._meta.label}.{name} names {app}"
        for model in of
        for name, app in keys(model)
        if app in APPS and APPS.index(app) > APPS.index(model._meta.app_label)
    ]


def test_no_key_points_upward() -> None:
    ours = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in APPS]
    assert len(ours) > 30
    assert upward_keys(ours) == []


def test_bulk_tables_have_no_keys() -> None:
    assert [f"{model.__name__}.{name}" for model in BULK_TABLES for name, _ in keys(model)] == []


def test_an_upward_key_is_found_by_name_and_by_class() -> None:
    with isolate_apps("catalogue", "metering"):

        class PlantedCharge(models.Model):
            class Meta:
                app_label = "metering"

        class PlantedPrice(models.Model):
            by_class = models.ForeignKey(PlantedCharge, models.CASCADE, related_name="+")
            by_name = models.OneToOneField("invoicing.Invoice", models.CASCADE, related_name="+")
            several = models.ManyToManyField("reconciliation.Discrepancy", related_name="+")
            downward = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="+")

            class Meta:
                app_label = "catalogue"

        assert upward_keys([PlantedPrice, PlantedCharge]) == [
            "catalogue.PlantedPrice.by_class names metering",
            "catalogue.PlantedPrice.by_name names invoicing",
            "catalogue.PlantedPrice.several names reconciliation",
        ]


def names_of_higher_rows() -> dict[str, str]:
    """By name (`orders` of an account): the app whose rows it would reach from a lower one."""
    return {
        name: model._meta.app_label
        for model in apps.get_models()
        for field in model._meta.local_fields
        if model._meta.app_label in APPS and field.remote_field and field.related_model is not None
        if field.remote_field.model._meta.app_label in APPS
        and field.remote_field.model._meta.app_label != model._meta.app_label
        for name in (field.remote_field.get_accessor_name(), field.remote_field.name)
        if name and not name.endswith("+")
    }


def followed_upward(source: Source, names: Mapping[str, str]) -> list[str]:
    """Rows (`account.orders.all()`) and look-ups (`orders__sku=`, `"orders__sku"`) of higher apps."""
    found = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute):
            parts = [node.value.attr] if hasattr(models.QuerySet, node.attr) else []
        elif isinstance(node, ast.keyword) and "__" in (node.arg or ""):
            parts = str(node.arg).split("__")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "__" in node.value:
            parts = node.value.lstrip("-").split("__")
        else:
            continue
        found += [part for part in parts if names.get(part) in source.higher_apps]
    return found


def test_no_app_follows_a_key_of_a_higher_one_backwards() -> None:
    names = names_of_higher_rows()
    ours = [source for source in sources() if source.is_python and source.app in APPS]
    found = {str(source.path): followed_upward(source, names) for source in ours}
    assert {path: parts for path, parts in found.items() if parts} == {}


def test_a_key_followed_backwards_is_found() -> None:
    text = """
account.orders.all()
accounts.filter(orders__sku="x").order_by("-orders__sku")
account.company.accounts.all()
"""
    names = {"orders": "metering"}
    assert followed_upward(Source(PurePosixPath("catalogue/services/x.py"), text), names) == ["orders"] * 3
    assert followed_upward(Source(PurePosixPath("metering/services/x.py"), text), names) == []
