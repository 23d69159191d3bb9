"""Promotions of families of products, coupons that customers enter, and how often each was redeemed."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0004_view_cost'),
    ]

    operations = [
        migrations.AddField(
            model_name='promotion',
            name='families',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), blank=True, default=list, help_text='Families of products, separated by commas.', size=None),
        ),
        migrations.AddField(
            model_name='promotion',
            name='is_coupon',
            field=models.BooleanField(default=False, help_text='Customers take it by entering its code.', verbose_name='coupon'),
        ),
        migrations.AddField(
            model_name='promotion',
            name='redemptions',
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AlterField(
            model_name='promotion',
            name='max_redemptions',
            field=models.PositiveIntegerField(blank=True, help_text='Of how many invoices it may take something off; empty: of any.', null=True),
        ),
        migrations.AlterField(
            model_name='promotion',
            name='products',
            field=models.ManyToManyField(blank=True, help_text='What it takes off, beside the families; without either: all.', to='catalogue.product'),
        ),
        migrations.AddConstraint(
            model_name='promotion',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='promotion_ends_after_it_starts', violation_error_message='It must end after it starts.'),
        ),
        migrations.AddConstraint(
            model_name='promotion',
            constraint=models.CheckConstraint(condition=models.Q(('max_redemptions', None), ('redemptions__lte', models.F('max_redemptions')), _connector='OR'), name='promotion_redeemed_at_most_so_often'),
        ),
        migrations.AlterConstraint(
            model_name='promotion',
            name='promotion_percent_or_amount',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount', None), ('currency', None), ('percent__isnull', False)), models.Q(('amount__isnull', False), ('currency__isnull', False), ('percent', None)), _connector='OR'), name='promotion_percent_or_amount', violation_error_message='Enter either a percent, or an amount and its currency.'),
        ),
        migrations.RemoveConstraint(
            model_name='promotion',
            name='promotion_takes_off',
        ),
        migrations.AddConstraint(
            model_name='promotion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('percent', None), models.Q(('percent__gt', 0), ('percent__lte', 100)), _connector='OR'), models.Q(('amount', None), ('amount__gt', 0), _connector='OR')), name='promotion_takes_off', violation_error_message='A percent lies above 0 and up to 100, an amount above 0.'),
        ),
    ]
