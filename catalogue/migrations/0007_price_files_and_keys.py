import django.contrib.postgres.fields
import django.core.serializers.json
import django.db.models.deletion
from django.db import migrations, models

import billing_site.common.base_models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0006_contacts_and_account_changes'),
    ]

    operations = [
        # The staged lines and change sets of price files: what they hold can be read from the files again.
        migrations.DeleteModel(name='ImportLine'),
        migrations.DeleteModel(name='ProductChange'),
        migrations.DeleteModel(name='PriceChange'),
        migrations.CreateModel(
            name='ImportLine',
            fields=[
                ('pk', models.CompositePrimaryKey('price_import_id', 'line', blank=True, editable=False, primary_key=True, serialize=False)),
                ('line', models.PositiveIntegerField(help_text='Counted as an editor does; the heading is line 1.')),
                ('sku', models.TextField()),
                ('withdraw', models.TextField(null=True)),
                ('valid_from', models.TextField(null=True)),
                ('valid_to', models.TextField(null=True)),
                ('name', models.TextField(null=True)),
                ('family', models.TextField(null=True)),
                ('category', models.TextField(null=True)),
                ('provider', models.TextField(null=True)),
                ('region', models.TextField(null=True)),
                ('unit', models.TextField(null=True)),
                ('charge_type', models.TextField(null=True)),
                ('cost_basis', models.TextField(null=True)),
                ('kind', models.TextField(null=True)),
                ('unit_factors', models.TextField(null=True)),
                ('aggregation', models.TextField(null=True)),
                ('tax_category', models.TextField(null=True)),
                ('company', models.TextField(null=True)),
                ('currency', models.TextField(null=True)),
                ('account', models.TextField(null=True)),
                ('model', models.TextField(null=True)),
                ('tiers', models.JSONField(null=True)),
                ('scope', models.TextField(null=True)),
                ('note', models.TextField(null=True)),
                ('amounts', django.contrib.postgres.fields.ArrayField(base_field=models.DecimalField(decimal_places=12, max_digits=38, null=True), size=None)),
                ('price_import', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.priceimport')),
            ],
        ),
        migrations.CreateModel(
            name='ProductChange',
            fields=[
                ('pk', models.CompositePrimaryKey('price_import_id', 'line', blank=True, editable=False, primary_key=True, serialize=False)),
                ('line', models.PositiveIntegerField()),
                ('action', models.CharField(choices=[('new', 'new'), ('changed', 'changed'), ('unchanged', 'unchanged'), ('withdrawn', 'withdrawn')], max_length=10)),
                ('sku', models.TextField()),
                ('name', models.TextField()),
                ('family', models.TextField()),
                ('category', models.TextField()),
                ('provider', models.TextField()),
                ('region', models.TextField()),
                ('unit', models.TextField()),
                ('kind', models.TextField()),
                ('aggregation', models.TextField()),
                ('tax_category', models.TextField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('valid_from', models.DateTimeField()),
                ('valid_to', models.DateTimeField(null=True)),
                ('unit_factors', models.TextField(blank=True, help_text='As the file has them: second=1/3600.')),
                ('note', models.TextField(blank=True, help_text="The file's cost_basis, for the head office's price.")),
                ('before', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, null=True)),
                ('price_import', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='product_changes', to='catalogue.priceimport')),
                ('product', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalogue.product')),
            ],
        ),
        migrations.CreateModel(
            name='PriceChange',
            fields=[
                ('pk', models.CompositePrimaryKey('price_import_id', 'line', 'company_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('line', models.PositiveIntegerField()),
                ('position', models.PositiveSmallIntegerField(null=True)),
                ('action', models.CharField(choices=[('new', 'new'), ('changed', 'changed'), ('unchanged', 'unchanged'), ('withdrawn', 'withdrawn')], max_length=10)),
                ('valid_from', models.DateTimeField()),
                ('valid_to', models.DateTimeField(null=True)),
                ('model', models.CharField(choices=[('per_unit', 'per unit'), ('flat', 'flat fee'), ('graduated', 'graduated tiers'), ('volume', 'volume tiers'), ('stairstep', 'stairstep'), ('package', 'packages'), ('percentage', 'percentage')], max_length=12)),
                ('unit_price', billing_site.common.base_models.AmountField(decimal_places=12, max_digits=30, null=True)),
                ('fee', billing_site.common.base_models.AmountField(decimal_places=12, max_digits=30, null=True)),
                ('package_size', billing_site.common.base_models.QuantityField(decimal_places=12, max_digits=38, null=True)),
                ('package_price', billing_site.common.base_models.AmountField(decimal_places=12, max_digits=30, null=True)),
                ('percent', models.DecimalField(decimal_places=12, max_digits=20, null=True)),
                ('fixed_fee', billing_site.common.base_models.AmountField(decimal_places=12, max_digits=30, null=True)),
                ('included', billing_site.common.base_models.QuantityField(decimal_places=12, default=0, max_digits=38)),
                ('cap', billing_site.common.base_models.AmountField(decimal_places=12, max_digits=30, null=True)),
                ('minimum', billing_site.common.base_models.AmountField(decimal_places=12, max_digits=30, null=True)),
                ('scope', models.CharField(choices=[('resource', 'each resource'), ('account', 'the account')], default='resource', max_length=10)),
                ('tiers', models.JSONField(help_text='[[up_to, unit_price, flat_fee], ...]; the last is open.', null=True)),
                ('note', models.TextField(default='')),
                ('change_percent', models.DecimalField(decimal_places=2, max_digits=40, null=True)),
                ('account', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalogue.account')),
                ('company', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalogue.company')),
                ('currency', models.ForeignKey(db_column='currency', db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalogue.currency')),
                ('old_price', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalogue.price')),
                ('price', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalogue.price')),
                ('product', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalogue.product')),
                ('price_import', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='price_changes', to='catalogue.priceimport')),
            ],
        ),
        migrations.RemoveField(model_name='priceimport', name='step'),
        migrations.RemoveField(model_name='priceimport', name='percent_done'),
        migrations.CreateModel(
            name='PriceImportProgress',
            fields=[
                ('price_import', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='progress', serialize=False, to='catalogue.priceimport')),
                ('step', models.CharField(max_length=80)),
                ('percent_done', models.PositiveSmallIntegerField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='price',
            name='price_entered_once',
        ),
        migrations.RemoveIndex(
            model_name='price',
            name='price_by_product',
        ),
        migrations.AlterField(
            model_name='price',
            name='account',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='agreed_prices', to='catalogue.account'),
        ),
        migrations.AlterField(
            model_name='price',
            name='company',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='prices', to='catalogue.company'),
        ),
        migrations.AlterField(
            model_name='price',
            name='currency',
            field=models.ForeignKey(db_column='currency', db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.currency'),
        ),
        migrations.AlterField(
            model_name='price',
            name='product',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='prices', to='catalogue.product'),
        ),
        migrations.AddIndex(
            model_name='price',
            index=models.Index(condition=models.Q(('superseded_at', None), _negated=True), fields=['product', 'company', 'currency'], name='price_superseded'),
        ),
        migrations.AddIndex(
            model_name='price',
            index=models.Index(condition=models.Q(('account', None), _negated=True), fields=['account'], name='price_agreed'),
        ),
        migrations.AddConstraint(
            model_name='price',
            constraint=models.UniqueConstraint(condition=models.Q(('superseded_at', None)), fields=('product', 'company', 'currency', 'account', 'valid_from'), name='price_entered_once', nulls_distinct=False),
        ),
    ]
