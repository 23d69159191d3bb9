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
    -- numerator / denominator rounded once, half away from zero; denominator > 0, 0 <= places <= 12.
    -- The quotient is taken to 50 places. One that is no tie lies at least 1 / (2 * denominator * 10^places) from
    -- the next tie, which is more than the error of the 50th place while the denominator is below 10^36; beyond
    -- that, which no real quantity reaches, whole numbers are divided.
    SELECT CASE WHEN denominator < 1e36 THEN round(round(numerator, 50) / denominator, places)
                ELSE sign(numerator) * div(2 * abs(numerator) * ('1e' || places)::numeric + denominator,
                                           2 * denominator) * ('1e-' || places)::numeric END
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
