import billing_site.common.base_models
import django.db.models.deletion
from django.db import migrations, models


# What was compared until now was a whole month.
WHOLE_MONTHS = """
    UPDATE reconciliation_reconciliationrun SET starts_on = month, ends_on = (month + interval '1 month')::date
"""


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0011_orders_write'),
        ('reconciliation', '0006_scaled_price'),
    ]

    operations = [
        migrations.CreateModel(
            name='ControlDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=200)),
                ('day', models.DateField()),
                ('kind', models.CharField(choices=[('lines', 'a line an event'), ('totals', 'totals by account and product')], max_length=10)),
                ('line_count', models.PositiveIntegerField()),
                ('quantity', billing_site.common.base_models.QuantityField(decimal_places=12, help_text='Of all lines, whatever their units: for a look, nothing reads it.', max_digits=38)),
                ('received_at', models.DateTimeField(help_text='When it was sent last with other content.')),
            ],
            options={
                'ordering': ['-day', 'source'],
            },
        ),
        migrations.CreateModel(
            name='ControlLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('company_id', models.BigIntegerField(help_text='Whose stream it is.')),
                ('source', models.CharField(max_length=200)),
                ('event_id', models.CharField(max_length=200)),
                ('day', models.DateField(help_text='Of UTC, in which the hour begins.')),
                ('resource', models.CharField(blank=True, max_length=200)),
                ('hour', models.DateTimeField(help_text='The first instant of the hour in which it happened.')),
                ('quantity', billing_site.common.base_models.QuantityField(decimal_places=12, help_text='As sent; 0 where the event measures nothing.', max_digits=38)),
            ],
        ),
        migrations.CreateModel(
            name='ControlTotal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=200)),
                ('day', models.DateField()),
                ('quantity', billing_site.common.base_models.QuantityField(decimal_places=12, help_text="In the product's unit.", max_digits=38)),
            ],
            options={
                'ordering': ['-day', 'source', 'account', 'product'],
            },
        ),
        migrations.AddField(
            model_name='discrepancy',
            name='amount_difference',
            field=billing_site.common.base_models.AmountField(decimal_places=12, help_text='Where both sides have an amount.', max_digits=30, null=True),
        ),
        migrations.AddField(
            model_name='discrepancy',
            name='currency',
            field=models.CharField(blank=True, db_default='', help_text="The account's.", max_length=3),
        ),
        migrations.AddField(
            model_name='discrepancy',
            name='day',
            field=models.DateField(help_text='Of UTC, where the level compares by day.', null=True),
        ),
        migrations.AddField(
            model_name='discrepancy',
            name='note',
            field=models.CharField(blank=True, db_default='', help_text='What differs beside the measure.', max_length=500),
        ),
        migrations.AddField(
            model_name='discrepancy',
            name='quantity_difference',
            field=billing_site.common.base_models.QuantityField(decimal_places=12, help_text='Where both sides have a quantity.', max_digits=38, null=True),
        ),
        migrations.AddField(
            model_name='reconciliationrun',
            name='ends_on',
            field=models.DateField(help_text='The day after the last one.', null=True),
        ),
        migrations.AddField(
            model_name='reconciliationrun',
            name='scheduled_on',
            field=models.DateField(help_text='The day (UTC) whose schedule asked for it; empty: a person or a program did.', null=True),
        ),
        migrations.AddField(
            model_name='reconciliationrun',
            name='starts_on',
            field=models.DateField(help_text='The first day that was compared.', null=True),
        ),
        migrations.RunSQL(WHOLE_MONTHS, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='reconciliationrun',
            name='ends_on',
            field=models.DateField(help_text='The day after the last one.'),
        ),
        migrations.AlterField(
            model_name='reconciliationrun',
            name='starts_on',
            field=models.DateField(help_text='The first day that was compared.'),
        ),
        migrations.AddField(
            model_name='reconciliationrun',
            name='tolerance',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, help_text="By how many of the currency's smallest units an amount may differ. Quantities may not."),
        ),
        migrations.AlterField(
            model_name='discrepancy',
            name='difference',
            field=billing_site.common.base_models.AmountField(decimal_places=12, help_text='First minus second, of what the level measures.', max_digits=30),
        ),
        migrations.AlterField(
            model_name='reconciliationrun',
            name='level',
            field=models.CharField(choices=[('stream_to_received', 'order stream -> received'), ('received_to_rated', 'received -> rated'), ('rated_to_invoiced', 'rated -> invoiced'), ('stream_to_billing', 'order stream -> billing'), ('primary_to_secondary', 'primary -> secondary rating'), ('billing_to_finance', 'billing -> finance')], max_length=30),
        ),
        migrations.AddConstraint(
            model_name='reconciliationrun',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gt', models.F('starts_on'))), name='reconciliation_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='reconciliationrun',
            constraint=models.UniqueConstraint(fields=('company', 'level', 'starts_on', 'ends_on', 'scheduled_on'), name='reconciliation_once_a_day'),
        ),
        migrations.AddField(
            model_name='controlday',
            name='company',
            field=models.ForeignKey(help_text='Whose stream it is.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.company'),
        ),
        migrations.AddIndex(
            model_name='controlline',
            index=models.Index(fields=['company_id', 'day'], name='control_line_by_day'),
        ),
        migrations.AddConstraint(
            model_name='controlline',
            constraint=models.UniqueConstraint(fields=('company_id', 'source', 'event_id'), name='control_line_once'),
        ),
        migrations.AddConstraint(
            model_name='controlline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gte', 0)), name='control_line_not_negative'),
        ),
        migrations.AddField(
            model_name='controltotal',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.account'),
        ),
        migrations.AddField(
            model_name='controltotal',
            name='company',
            field=models.ForeignKey(help_text='Whose stream it is.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.company'),
        ),
        migrations.AddField(
            model_name='controltotal',
            name='product',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.product'),
        ),
        migrations.AddConstraint(
            model_name='controlday',
            constraint=models.UniqueConstraint(fields=('company', 'source', 'day', 'kind'), name='control_day_once'),
        ),
        migrations.AddConstraint(
            model_name='controltotal',
            constraint=models.UniqueConstraint(fields=('company', 'day', 'source', 'account', 'product'), name='control_total_once'),
        ),
        migrations.AddConstraint(
            model_name='controltotal',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gte', 0)), name='control_total_not_negative'),
        ),
    ]
