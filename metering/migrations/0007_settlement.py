"""Corrections that are settled before the month that they lie in is billed."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

# The migration before this one made an index of the constraint, which Django cannot drop as one.
_KEY = """
DROP INDEX charge_once;
CREATE UNIQUE INDEX charge_once ON metering_charge (account_id, month, service_month, product_id, resource_id, price_id,
    item_quantity, order_id, cycle_start, side, kind%s) NULLS NOT DISTINCT
"""


class Migration(migrations.Migration):

    dependencies = [
        ('metering', '0006_exceptions_know_what_is_at_risk'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='charge',
            name='closed_month_keeps_its_charges',
        ),
        migrations.AddField(
            model_name='charge',
            name='settlement',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, help_text='0: billed with its month. Else: a correction settled before, the nth of its key.'),
        ),
        migrations.AddIndex(
            model_name='charge',
            index=models.Index(condition=models.Q(('settlement', 0), models.Q(('month', models.F('service_month')), _negated=True)), fields=['account_id', 'service_month'], name='charge_waiting_difference'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='charge',
            trigger=pgtrigger.compiler.Trigger(name='closed_month_keeps_its_charges', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    PERFORM 1 FROM metering_accountperiod\n                     WHERE account_id = OLD.account_id AND month = OLD.month AND cutoff IS NOT NULL;\n                    IF FOUND OR OLD.settlement <> 0 THEN\n                        RAISE EXCEPTION 'Charge % lies in a closed period or is settled, and cannot change.', OLD.id\n                            USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;\n                ", hash='c84593e843c3b40d6c0d91455a64224676f56abb', operation='UPDATE OR DELETE', pgid='pgtrigger_closed_month_keeps_its_charges_50c1a', table='metering_charge', when='BEFORE')),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(_KEY % ", settlement", _KEY % "")],
            state_operations=[
                migrations.RemoveConstraint(model_name='charge', name='charge_once'),
                migrations.AddConstraint(
                    model_name='charge',
                    constraint=models.UniqueConstraint(fields=('account_id', 'month', 'service_month', 'product_id', 'resource_id', 'price_id', 'item_quantity', 'order_id', 'cycle_start', 'side', 'kind', 'settlement'), name='charge_once', nulls_distinct=False),
                ),
            ],
        ),
    ]
