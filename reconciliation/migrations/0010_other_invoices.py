import billing_site.common.base_models
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0012_sku_is_written_in_capitals'),
        ('reconciliation', '0009_finance_by_day'),
    ]

    operations = [
        migrations.AlterField(
            model_name='reconciliationrequest',
            name='levels',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('stream_to_received', 'order stream -> received'), ('received_to_rated', 'received -> rated'), ('rated_to_invoiced', 'rated -> invoiced'), ('stream_to_billing', 'order stream -> billing'), ('primary_to_secondary', 'primary -> secondary rating'), ('billing_to_finance', 'billing -> finance'), ('invoices_to_other', 'invoices -> other billing system'), ('stream_to_finance', 'order stream -> finance')], max_length=30), size=None),
        ),
        migrations.AlterField(
            model_name='reconciliationrun',
            name='level',
            field=models.CharField(choices=[('stream_to_received', 'order stream -> received'), ('received_to_rated', 'received -> rated'), ('rated_to_invoiced', 'rated -> invoiced'), ('stream_to_billing', 'order stream -> billing'), ('primary_to_secondary', 'primary -> secondary rating'), ('billing_to_finance', 'billing -> finance'), ('invoices_to_other', 'invoices -> other billing system'), ('stream_to_finance', 'order stream -> finance')], max_length=30),
        ),
        migrations.CreateModel(
            name='ExportMapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='Of the other system.', max_length=60)),
                ('columns', models.JSONField(help_text='What is meant and its column there: {"number": "invoicenum", "account": "userid", "issued_on": "date", "amount": "total", "currency": "currencycode", "status": "status"}; currency and status may be left out.')),
                ('date_order', models.CharField(choices=[('iso', '2026-04-03'), ('dmy', '03.04.2026 or 03/04/2026'), ('mdy', '04/03/2026')], default='iso', max_length=3)),
                ('account_is', models.CharField(choices=[('code', "the account's code"), ('external_id', "the account's external id")], default='code', max_length=12)),
                ('matches_by', models.CharField(choices=[('number', 'invoice number: it issues under ours'), ('account', 'account: sums of the days compared')], default='account', max_length=10)),
                ('ignored_statuses', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), blank=True, default=list, help_text='Lines with one of these are no invoices: Draft, Cancelled.', size=None)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.company')),
            ],
            options={
                'ordering': ['company', 'name'],
            },
        ),
        migrations.CreateModel(
            name='OtherInvoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=60)),
                ('issued_on', models.DateField()),
                ('currency', models.CharField(max_length=3)),
                ('amount', billing_site.common.base_models.AmountField(decimal_places=12, help_text='Gross, in the currency.', max_digits=30)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.account')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.company')),
                ('mapping', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reconciliation.exportmapping')),
            ],
            options={
                'ordering': ['-issued_on', 'number'],
            },
        ),
        migrations.AddConstraint(
            model_name='exportmapping',
            constraint=models.UniqueConstraint(fields=('company', 'name'), name='export_mapping_once_a_company'),
        ),
        migrations.AddIndex(
            model_name='otherinvoice',
            index=models.Index(fields=['company', 'issued_on'], name='other_invoice_by_day'),
        ),
        migrations.AddConstraint(
            model_name='otherinvoice',
            constraint=models.UniqueConstraint(fields=('mapping', 'number'), name='other_invoice_once'),
        ),
    ]
