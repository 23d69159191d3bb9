"""Orders that another system billed before, and the cycles of an order."""

import django.db.models
from django.db import migrations, models

ORDER_CYCLES_DUE = """
CREATE FUNCTION order_cycles_due(month date, started_on date, charged_from date, ended_on date, cycle text,
                                 in_advance boolean)
RETURNS TABLE (cycle_start date, cycle_end date, part_start date, part_end date, due_on date)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    -- The cycles of an order that are due in a month (rules 10, 11), with their billed parts: those due after its
    -- first local midnight, up to the next month's. cycle is '' for what is charged once, at the end of its day.
    -- metering/domain/order_cycles.py says the same for people. The planner writes it in place.
    SELECT c.cycle_start, c.cycle_end, p.part_start, p.part_end, d.due_on
      FROM (
        SELECT (month + make_interval(months => n))::date, (month + make_interval(months => n + 1))::date
          FROM generate_series(0, 1) n WHERE cycle = 'monthly'
        UNION ALL
        SELECT (started_on + make_interval(years => n))::date, (started_on + make_interval(years => n + 1))::date
          FROM generate_series(greatest(extract(year FROM month)::integer - extract(year FROM started_on)::integer - 1, 0),
                               extract(year FROM month)::integer - extract(year FROM started_on)::integer + 1) n
         WHERE cycle = 'annual'
        UNION ALL
        SELECT started_on, started_on + 1 WHERE cycle = ''
      ) c(cycle_start, cycle_end)
     CROSS JOIN LATERAL (
        SELECT greatest(c.cycle_start, started_on, charged_from) AS part_start,
               CASE WHEN ended_on IS NULL THEN c.cycle_end
                    ELSE least(c.cycle_end, greatest(ended_on, started_on + 1)) END AS part_end) p
     CROSS JOIN LATERAL (
        SELECT CASE WHEN in_advance AND cycle <> '' THEN p.part_start ELSE p.part_end END AS due_on) d
     WHERE p.part_start < p.part_end AND date_trunc('month', (d.due_on - 1)::timestamp) = month::timestamp
$$
"""  # noqa: E501


class Migration(migrations.Migration):
    dependencies = [("metering", "0003_partition_by_month")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="charged_from",
            field=models.DateField(
                blank=True,
                help_text="Days before it were billed elsewhere; empty: none were.",
                null=True,
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("charged_from", None),
                    ("charged_from__gte", django.db.models.F("started_on")),
                    _connector="OR",
                ),
                name="order_charged_from_its_start_or_later",
            ),
        ),
        migrations.RunSQL(
            ORDER_CYCLES_DUE, "DROP FUNCTION order_cycles_due(date, date, date, date, text, boolean)"
        ),
    ]
