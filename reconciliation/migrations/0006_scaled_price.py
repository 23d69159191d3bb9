"""A price times a factor, in SQL."""

from django.db import migrations

SCALED_PRICE = """
CREATE FUNCTION scaled_price(price numeric, numerator numeric, denominator numeric, places integer) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    -- price * numerator / denominator rounded to `places`, or to 12 where nothing would be left.
    SELECT CASE WHEN half_up(price * numerator, denominator, places) = 0 THEN half_up(price * numerator, denominator, 12)
                ELSE half_up(price * numerator, denominator, places) END
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reconciliation", "0005_findings"),
        ("metering", "0002_sql_functions"),
    ]

    operations = [
        migrations.RunSQL(SCALED_PRICE, "DROP FUNCTION scaled_price(numeric, numeric, numeric, integer)"),
    ]
