"""The currencies of ISO 4217 with their minor units, and the units that price files may name."""

import csv
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).resolve().parents[1] / "data"


def load(apps, schema_editor):
    for file_name, model_name, key in (
        ("iso_4217.csv", "Currency", "code"),
        ("unit_spellings.csv", "UnitSpelling", "spelling"),
    ):
        model = apps.get_model("catalogue", model_name)
        with (DATA / file_name).open(encoding="utf-8", newline="") as file:
            rows = [model(**row) for row in csv.DictReader(file)]
        model.objects.bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):

    dependencies = [("catalogue", "0002_price_imports")]

    # Rows stay when it is undone: prices and rates may name them.
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
