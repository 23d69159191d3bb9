"""SQL functions that the set-based statements share."""

from django.db import migrations

LOCAL_MIDNIGHT = """
CREATE FUNCTION local_midnight(day date, zone text) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    -- The first instant of a local day. Where midnight comes twice, PostgreSQL takes the second one;
    -- where it does not exist, its answer is the first instant after the gap, which is right.
    SELECT CASE WHEN ((day::timestamp AT TIME ZONE zone) - interval '1 hour') AT TIME ZONE zone >= day::timestamp
                THEN (day::timestamp AT TIME ZONE zone) - interval '1 hour'
                ELSE day::timestamp AT TIME ZONE zone END
$$
"""

HALF_UP = """
CREATE FUNCTION half_up(numerator numeric, denominator numeric, places integer) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    -- numerator / denominator rounded once, half away from zero; denominator > 0, 0 <= places <= 12, the
    -- numerator has at most 30 decimals. A quotient that is no tie lies at least 1 / (2 * denominator *
    -- 10^places) from the next tie: that is more than the error of its 30th place while the denominator is below
    -- 10^16, and of its 100th below 10^86, which no quantity reaches. All of it is immutable, so the planner
    -- writes it in place; a function call would cost more than the division.
    SELECT CASE WHEN denominator < 1e16 THEN round(round(numerator, 30) / denominator, places)
                ELSE round(round(numerator, 100) / denominator, places) END
$$
"""

LCM_OF = """
CREATE AGGREGATE lcm_of(numeric) (SFUNC = lcm, STYPE = numeric, INITCOND = '1', PARALLEL = SAFE, COMBINEFUNC = lcm)
"""


class Migration(migrations.Migration):
    dependencies = [("metering", "0001_initial")]

    operations = [
        migrations.RunSQL(LOCAL_MIDNIGHT, "DROP FUNCTION local_midnight(date, text)"),
        migrations.RunSQL(HALF_UP, "DROP FUNCTION half_up(numeric, numeric, integer)"),
        migrations.RunSQL(LCM_OF, "DROP AGGREGATE lcm_of(numeric)"),
    ]
