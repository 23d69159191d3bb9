from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0012_sku_is_written_in_capitals'),
        ('reconciliation', '0008_requests'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='financetotal',
            options={'ordering': ['company', 'month', 'day', 'account']},
        ),
        migrations.RemoveConstraint(
            model_name='financetotal',
            name='finance_total_once',
        ),
        migrations.AddField(
            model_name='financetotal',
            name='day',
            field=models.DateField(blank=True, help_text='Of issue; empty: the whole billing month.', null=True),
        ),
        migrations.AlterField(
            model_name='financetotal',
            name='month',
            field=models.DateField(help_text='The billing month; of a day, the month in which it lies.'),
        ),
        migrations.AddConstraint(
            model_name='financetotal',
            constraint=models.UniqueConstraint(fields=('account', 'month', 'day'), name='finance_total_once', nulls_distinct=False),
        ),
    ]
