"""Partition the bulk tables by month, with a partition for whatever has none of its own."""

from django.db import migrations

PARTITION_BY_MONTH = """
CREATE FUNCTION partition_by_month(name text, id text, key text) RETURNS void LANGUAGE plpgsql AS $$
-- Turn a plain table into one partitioned by the month of `key`; rows, indexes, checks and triggers stay.
-- The primary key of a partitioned table must hold the partition key.
DECLARE
    plain text := name || '_plain';
    definition text;
    definitions text[];
    serial text;
BEGIN
    SELECT coalesce(array_agg(pg_get_indexdef(i.indexrelid)), '{}') INTO definitions
      FROM pg_index i WHERE i.indrelid = name::regclass AND NOT i.indisprimary;
    SELECT definitions || coalesce(array_agg(pg_get_triggerdef(t.oid)), '{}') INTO definitions
      FROM pg_trigger t WHERE t.tgrelid = name::regclass AND NOT t.tgisinternal;
    EXECUTE format('ALTER TABLE %I RENAME TO %I', name, plain);
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING IDENTITY, '
                   'PRIMARY KEY (%I, %I)) PARTITION BY RANGE (%I)', name, plain, id, key, key);
    EXECUTE format('CREATE TABLE %I PARTITION OF %I DEFAULT', name || '_default', name);
    EXECUTE format('INSERT INTO %I OVERRIDING SYSTEM VALUE SELECT * FROM %I', name, plain);
    serial := pg_get_serial_sequence(name, id);
    IF serial IS NOT NULL THEN
        EXECUTE format('SELECT setval(%L, coalesce(max(%I), 0) + 1, false) FROM %I', serial, id, name);
    END IF;
    EXECUTE format('DROP TABLE %I', plain);
    FOREACH definition IN ARRAY definitions LOOP
        EXECUTE definition;
    END LOOP;
END
$$
"""

MAKE_MONTH_PARTITION = """
CREATE FUNCTION make_month_partition(name text, month date) RETURNS boolean LANGUAGE plpgsql AS $$
-- Give a month a partition of its own; true if it had none. Rows that lie in the default partition move into it.
DECLARE
    part text := format('%s_%s', name, to_char(month, 'YYYY_MM'));
    key text;
    lower text := quote_literal(month);
    upper text := quote_literal((month + interval '1 month')::date);
BEGIN
    IF to_regclass(part) IS NOT NULL THEN
        RETURN false;
    END IF;
    SELECT a.attname INTO key FROM pg_partitioned_table p
      JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
     WHERE p.partrelid = name::regclass;
    IF (SELECT a.atttypid = 'timestamptz'::regtype FROM pg_attribute a
         WHERE a.attrelid = name::regclass AND a.attname = key) THEN
        lower := quote_literal(month::timestamp AT TIME ZONE 'UTC');
        upper := quote_literal((month + interval '1 month')::timestamp AT TIME ZONE 'UTC');
    END IF;
    EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', name || '_default');
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part, name);
    EXECUTE format('INSERT INTO %I SELECT * FROM %I WHERE %I >= %s AND %I < %s',
                   part, name || '_default', key, lower, key, upper);
    EXECUTE format('ALTER TABLE %I DISABLE TRIGGER USER', name || '_default');
    EXECUTE format('DELETE FROM %I WHERE %I >= %s AND %I < %s', name || '_default', key, lower, key, upper);
    EXECUTE format('ALTER TABLE %I ENABLE TRIGGER USER', name || '_default');
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)', name, part, lower, upper);
    RETURN true;
END
$$
"""

DETACH_MONTH_PARTITION = """
CREATE FUNCTION detach_month_partition(name text, month date) RETURNS boolean LANGUAGE plpgsql AS $$
-- Take a month out of a table; its rows stay in a table of their own, to be archived and dropped. True if it was in.
DECLARE
    part text := format('%s_%s', name, to_char(month, 'YYYY_MM'));
BEGIN
    IF NOT EXISTS (SELECT FROM pg_inherits WHERE inhparent = name::regclass AND inhrelid = to_regclass(part)) THEN
        RETURN false;
    END IF;
    EXECUTE format('ALTER TABLE %I DETACH PARTITION %I', name, part);
    RETURN true;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("metering", "0002_sql_functions")]

    operations = [
        migrations.RunSQL(PARTITION_BY_MONTH),
        migrations.RunSQL("SELECT partition_by_month('metering_lifecycleevent', 'uid', 'time')"),
        migrations.RunSQL("SELECT partition_by_month('metering_usageevent', 'uid', 'time')"),
        migrations.RunSQL("SELECT partition_by_month('metering_charge', 'id', 'month')"),
        migrations.RunSQL("DROP FUNCTION partition_by_month(text, text, text)"),
        migrations.RunSQL(MAKE_MONTH_PARTITION),
        migrations.RunSQL(DETACH_MONTH_PARTITION),
    ]
