"""The right to see cost."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0003_iso_4217_and_units")]

    operations = [
        migrations.AlterModelOptions(
            name="price",
            options={
                "ordering": ["company", "product", "currency", "-valid_from", "-id"],
                "permissions": [("view_cost", "Can see cost and margin")],
            },
        )
    ]
