"""What was given back of invoices, and what was paid."""

import billing_site.common.base_models
import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0008_history'),
        ('invoicing', '0002_redemptions'),
    ]

    operations = [
        migrations.CreateModel(
            name='CreditNote',
            fields=[
                ('id', models.UUIDField(default=billing_site.common.base_models.uuid7, editable=False, primary_key=True, serialize=False)),
                ('cause', models.CharField(choices=[('concession', 'concession'), ('late_usage', 'corrected usage')], max_length=10)),
                ('number', models.CharField(max_length=60, unique=True)),
                ('issued_on', models.DateField()),
                ('currency', models.CharField(max_length=3)),
                ('net_amount', billing_site.common.base_models.AmountField(decimal_places=12, max_digits=30)),
                ('tax_amount', billing_site.common.base_models.AmountField(decimal_places=12, max_digits=30)),
                ('gross_amount', billing_site.common.base_models.AmountField(decimal_places=12, max_digits=30)),
                ('seller', models.JSONField()),
                ('buyer', models.JSONField()),
                ('reason', models.CharField(blank=True, help_text='Printed on the credit note.', max_length=250)),
                ('request_id', models.CharField(help_text='Of who asked for it: the same one again makes no second one.', max_length=100, null=True)),
                ('request', models.JSONField(help_text='What was asked for under that id.', null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credit_notes', to='catalogue.account')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credit_notes', to='catalogue.company')),
                ('invoice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credit_notes', to='invoicing.invoice')),
            ],
            options={
                'ordering': ['-issued_on', '-number'],
            },
        ),
        migrations.CreateModel(
            name='CreditNoteLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('invoice_line_id', models.BigIntegerField(null=True)),
                ('charge_id', models.BigIntegerField(null=True)),
                ('product_id', models.BigIntegerField(null=True)),
                ('sku', models.CharField(blank=True, max_length=120)),
                ('description', models.CharField(blank=True, max_length=250)),
                ('family', models.CharField(blank=True, max_length=120)),
                ('resource', models.CharField(blank=True, max_length=200)),
                ('service_start', models.DateTimeField()),
                ('service_end', models.DateTimeField()),
                ('quantity', billing_site.common.base_models.QuantityField(decimal_places=12, help_text='Only of corrected usage.', max_digits=38, null=True)),
                ('unit', models.CharField(blank=True, max_length=60)),
                ('unit_price', billing_site.common.base_models.AmountField(decimal_places=12, max_digits=30, null=True)),
                ('net_amount', billing_site.common.base_models.AmountField(decimal_places=12, help_text='What is credited is positive.', max_digits=30)),
                ('tax_category', models.CharField(choices=[('standard', 'standard'), ('reduced', 'reduced'), ('zero', 'zero rate'), ('exempt', 'exempt'), ('reverse_charge', 'reverse charge')], max_length=20)),
                ('credit_note', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='invoicing.creditnote')),
            ],
            options={
                'ordering': ['credit_note', 'position'],
            },
        ),
        migrations.CreateModel(
            name='CreditNoteTax',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('category', models.CharField(choices=[('standard', 'standard'), ('reduced', 'reduced'), ('zero', 'zero rate'), ('exempt', 'exempt'), ('reverse_charge', 'reverse charge')], max_length=20)),
                ('name', models.CharField(blank=True, max_length=60)),
                ('percent', models.DecimalField(decimal_places=6, max_digits=9)),
                ('taxable_amount', billing_site.common.base_models.AmountField(decimal_places=12, max_digits=30)),
                ('tax_amount', billing_site.common.base_models.AmountField(decimal_places=12, max_digits=30)),
                ('credit_note', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='taxes', to='invoicing.creditnote')),
            ],
            options={
                'verbose_name_plural': 'credit note taxes',
                'ordering': ['credit_note', 'category', 'name'],
            },
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(help_text="Its id in the bank's or the provider's books.", max_length=100)),
                ('currency', models.CharField(max_length=3)),
                ('amount', billing_site.common.base_models.AmountField(decimal_places=12, max_digits=30)),
                ('received_on', models.DateField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='catalogue.account')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='catalogue.company')),
                ('invoice', models.ForeignKey(blank=True, help_text='That it names.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='invoicing.invoice')),
            ],
            options={
                'ordering': ['-received_on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='PaymentAllocation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', billing_site.common.base_models.AmountField(decimal_places=12, max_digits=30)),
                ('invoice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='allocations', to='invoicing.invoice')),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='allocations', to='invoicing.payment')),
            ],
            options={
                'ordering': ['payment', 'invoice'],
            },
        ),
        migrations.AddConstraint(
            model_name='creditnote',
            constraint=models.UniqueConstraint(fields=('company', 'request_id'), name='credit_note_request_once'),
        ),
        migrations.AddConstraint(
            model_name='creditnote',
            constraint=models.CheckConstraint(condition=models.Q(('gross_amount', django.db.models.expressions.CombinedExpression(models.F('net_amount'), '+', models.F('tax_amount')))), name='credit_note_gross_is_net_and_tax'),
        ),
        migrations.AddConstraint(
            model_name='creditnote',
            constraint=models.CheckConstraint(condition=models.Q(('net_amount__gt', 0)), name='credit_note_gives_back'),
        ),
        migrations.AddConstraint(
            model_name='creditnote',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cause', 'concession'), ('request_id__isnull', False)), ('cause', 'late_usage'), _connector='OR'), name='credit_note_concession_was_asked_for'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditnote',
            trigger=pgtrigger.compiler.Trigger(name='never_changes', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='37959aa37a8ed21fccb4ce9de6b159e9f7f53183', operation='UPDATE OR DELETE', pgid='pgtrigger_never_changes_64c48', table='invoicing_creditnote', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='creditnoteline',
            constraint=models.UniqueConstraint(fields=('credit_note', 'position'), name='credit_note_position_once'),
        ),
        migrations.AddConstraint(
            model_name='creditnoteline',
            constraint=models.UniqueConstraint(fields=('charge_id',), name='credit_note_settles_a_charge_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditnoteline',
            trigger=pgtrigger.compiler.Trigger(name='never_changes', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='27bd8481c721028007ebd8eeb03bb912cfb6c5c5', operation='UPDATE OR DELETE', pgid='pgtrigger_never_changes_79536', table='invoicing_creditnoteline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditnoteline',
            trigger=pgtrigger.compiler.Trigger(name='parts_come_first', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    PERFORM 1 FROM invoicing_creditnote n\n      JOIN (SELECT DISTINCT credit_note_id FROM added) a ON a.credit_note_id = n.id;\n    IF FOUND THEN\n        RAISE EXCEPTION 'A credit note never changes; what is to be credited besides is another one.'\n            USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NULL;\n", hash='819a9128979b0130292f4121c1d3174859d5438c', level='STATEMENT', operation='INSERT', pgid='pgtrigger_parts_come_first_cd7b5', referencing='REFERENCING NEW TABLE AS added ', table='invoicing_creditnoteline', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='creditnotetax',
            constraint=models.UniqueConstraint(fields=('credit_note', 'category', 'name'), name='credit_note_tax_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditnotetax',
            trigger=pgtrigger.compiler.Trigger(name='never_changes', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='fe7e8678ad8a1d0ee9419796543ca532af2c24ee', operation='UPDATE OR DELETE', pgid='pgtrigger_never_changes_78855', table='invoicing_creditnotetax', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='creditnotetax',
            trigger=pgtrigger.compiler.Trigger(name='parts_come_first', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    PERFORM 1 FROM invoicing_creditnote n\n      JOIN (SELECT DISTINCT credit_note_id FROM added) a ON a.credit_note_id = n.id;\n    IF FOUND THEN\n        RAISE EXCEPTION 'A credit note never changes; what is to be credited besides is another one.'\n            USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NULL;\n", hash='c4aff9d4af9bb471d6fa0ad2199118889b4a1e81', level='STATEMENT', operation='INSERT', pgid='pgtrigger_parts_come_first_0110c', referencing='REFERENCING NEW TABLE AS added ', table='invoicing_creditnotetax', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.UniqueConstraint(fields=('company', 'reference'), name='payment_reference_once'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='payment_amount_above_zero'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='payment',
            trigger=pgtrigger.compiler.Trigger(name='written_once', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d973ff12e96b4c3912b8ebce94f8221f2f6cdc70', operation='UPDATE OR DELETE', pgid='pgtrigger_written_once_bd8b9', table='invoicing_payment', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='paymentallocation',
            constraint=models.UniqueConstraint(fields=('payment', 'invoice'), name='payment_allocation_once'),
        ),
        migrations.AddConstraint(
            model_name='paymentallocation',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='payment_allocation_above_zero'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='paymentallocation',
            trigger=pgtrigger.compiler.Trigger(name='written_once', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='201c72ef634f9274bb90169a225bff9ce0f67098', operation='UPDATE OR DELETE', pgid='pgtrigger_written_once_5c5b8', table='invoicing_paymentallocation', when='BEFORE')),
        ),
    ]
