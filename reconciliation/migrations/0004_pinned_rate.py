"""What an invoice's currency was worth on its day of issue, in SQL."""

from django.db import migrations

PINNED_RATE = """
CREATE FUNCTION pinned_rate(own text, wanted text, day date, pinned jsonb,
                            OUT numerator numeric, OUT denominator numeric)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    -- One `own` is worth numerator / denominator `wanted`: by the rates that the invoice keeps (its exchange_rates),
    -- else by the last listed rate on or before the day, else by both legs of the euro or of the dollar, as
    -- exchange_rate_on finds it. Both null: nothing connects the two.
    SELECT found.numerator, found.denominator
      FROM (
        SELECT 1 AS choice, 1::numeric AS numerator, 1::numeric AS denominator WHERE own = wanted
        UNION ALL
        SELECT 2, coalesce(max((leg ->> 'rate')::numeric) FILTER (WHERE leg ->> 'quote' = wanted), 1),
               coalesce(max((leg ->> 'rate')::numeric) FILTER (WHERE leg ->> 'quote' = own), 1)
          FROM jsonb_array_elements(pinned -> wanted -> 'legs') leg
        HAVING count(*) > 0
        UNION ALL
        (SELECT 3, rate, 1 FROM catalogue_exchangerate
          WHERE base = own AND quote = wanted AND rated_on <= day ORDER BY rated_on DESC LIMIT 1)
        UNION ALL
        SELECT pivot.choice, to_wanted.rate, to_own.rate
          FROM (VALUES (4, 'EUR'), (5, 'USD')) AS pivot (choice, code)
         CROSS JOIN LATERAL (
            SELECT 1::numeric AS rate WHERE pivot.code = wanted
            UNION ALL
            (SELECT rate FROM catalogue_exchangerate
              WHERE base = pivot.code AND quote = wanted AND rated_on <= day ORDER BY rated_on DESC LIMIT 1)
         ) to_wanted
         CROSS JOIN LATERAL (
            SELECT 1::numeric AS rate WHERE pivot.code = own
            UNION ALL
            (SELECT rate FROM catalogue_exchangerate
              WHERE base = pivot.code AND quote = own AND rated_on <= day ORDER BY rated_on DESC LIMIT 1)
         ) to_own
      ) found
     ORDER BY found.choice LIMIT 1
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reconciliation", "0003_totals_of_runs"),
        ("catalogue", "0011_orders_write"),
    ]

    operations = [
        migrations.RunSQL(PINNED_RATE, "DROP FUNCTION pinned_rate(text, text, date, jsonb)"),
    ]
