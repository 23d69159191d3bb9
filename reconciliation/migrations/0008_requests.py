import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0011_orders_write'),
        ('reconciliation', '0007_control_totals_and_days'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ReconciliationRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(help_text='The first day.')),
                ('ends_on', models.DateField(help_text='The day after the last one.')),
                ('levels', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('stream_to_received', 'order stream -> received'), ('received_to_rated', 'received -> rated'), ('rated_to_invoiced', 'rated -> invoiced'), ('stream_to_billing', 'order stream -> billing'), ('primary_to_secondary', 'primary -> secondary rating'), ('billing_to_finance', 'billing -> finance')], max_length=30), size=None)),
                ('tolerance', models.PositiveSmallIntegerField(default=0, help_text="By how many of the currency's smallest units an amount may differ.")),
                ('requested_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.company')),
                ('requested_by', models.ForeignKey(help_text='Empty: a program.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.AddField(
            model_name='reconciliationrun',
            name='request',
            field=models.ForeignKey(help_text='Who asked for it.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='reconciliation.reconciliationrequest'),
        ),
        migrations.AddIndex(
            model_name='reconciliationrequest',
            index=models.Index(condition=models.Q(('done_at', None)), fields=['id'], name='reconciliation_request_waiting'),
        ),
        migrations.AddConstraint(
            model_name='reconciliationrequest',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gt', models.F('starts_on'))), name='reconciliation_request_ends_after_start'),
        ),
    ]
