"""A rule is worth what it finds: each one is shown what it forbids, and what looks like it and is allowed."""

from pathlib import PurePosixPath
from typing import Any

import pytest

from tests.architecture import rules
from tests.architecture.rules import RULES, Rule
from tests.architecture.sources import Source

FORBIDDEN: dict[Rule, list[tuple[str, str]]] = {
    rules.no_higher_app_by_name: [
        ("catalogue/models/x.py", 'ForeignKey("invoicing.Invoice")'),
        ("metering/services/x.py", 'wake("invoicing.tasks.run_bill_runs")'),
        ("metering/migrations/0009_x.py", 'RunSQL("SELECT 1 FROM invoicing_invoice")'),
        ("catalogue/admin/x.py", 'apps.get_model("metering", "Charge")'),
    ],
    rules.own_or_lower_tables_named: [
        ("metering/sql/x.sql", "-- x\nSELECT FROM invoicing_invoice"),
        ("catalogue/sql/x.sql", '-- x\nSELECT FROM "metering_charge" c'),
        ("invoicing/sql/x.sql", "-- x\nSELECT reconciliation_discrepancy.id"),
    ],
    rules.own_tables_written: [
        ("invoicing/sql/x.sql", "-- x\nUPDATE metering_charge SET amount = 1"),
        ("invoicing/sql/x.sql", "-- x\nUPDATE ONLY metering_charge c SET amount = 1"),
        ("invoicing/sql/x.sql", "-- x\ninsert into metering_charge (id) select 1"),
        ("reconciliation/sql/x.sql", "-- x\nDELETE FROM invoicing_invoice"),
        ("metering/sql/x.sql", "-- x\nWITH a AS (DELETE FROM catalogue_price) SELECT"),
        ("metering/sql/x.sql", "-- x\nMERGE INTO catalogue_price USING a ON true"),
        ("metering/sql/x.sql", "-- x\nTRUNCATE a, catalogue_price"),
        ("billing_site/sql/x.sql", "-- x\nDELETE FROM invoicing_invoice"),
        ("metering/sql/x.sql", "-- x\nCREATE TABLE metering_more (id bigint)"),
    ],
    rules.only_what_was_received: [
        ("reconciliation/sql/shadow_x.sql", "-- x\nSELECT FROM metering_resourceinterval"),
        ("reconciliation/sql/shadow_x.sql", "-- x\nSELECT half_up(1, 2, 0)"),
    ],
    rules.one_statement_with_a_head_comment: [
        ("metering/sql/x.sql", "SELECT 1"),
        ("metering/sql/x.sql", "-- x\nSELECT 1; SELECT 2"),
    ],
    rules.no_sql_in_python: [
        ("metering/services/x.py", 'cursor.execute("SELECT id FROM metering_charge")'),
        ("metering/services/x.py", 'execute(f"delete from {table} where id = 1")'),
        ("billing_site/demo/x.py", 'execute("UPDATE catalogue_price SET fee = 1")'),
    ],
    rules.no_writing_in_entry_points: [
        ("metering/tasks.py", "Charge.objects.create(amount=1)"),
        ("invoicing/api/x.py", "invoice.save()"),
        ("invoicing/portal/x.py", "invoices.update(state=PAID)"),
        ("catalogue/management/commands/x.py", "prices.filter(pk=1).delete()"),
        ("catalogue/admin/x.py", "Price.objects.bulk_create(rows)"),
        ("metering/api/x.py", "from billing_site.common import sql as s\ns.run('metering', 'x')"),
        ("metering/api/x.py", "from django.db import connection"),
    ],
    rules.no_floats_in_domains: [
        ("catalogue/domain/x.py", "half = 0.5"),
        ("metering/domain/x/y.py", "third = 1 / 3"),
        ("invoicing/domain/x.py", "def total(amount: float): ..."),
        ("invoicing/domain/x.py", "total = float(amount)"),
        ("catalogue/domain/x.py", "import math as m\nm.sqrt(2)"),
        ("catalogue/domain/x.py", "from math import fsum"),
    ],
    rules.no_float_columns: [
        ("catalogue/models/x.py", "from django.db import models\nmodels.FloatField()"),
    ],
    rules.exact_types_in_sql: [
        ("metering/sql/x.sql", "-- x\nSELECT amount::double precision"),
        ("metering/sql/x.sql", "-- x\nSELECT amount::float8"),
    ],
    rules.one_rounding: [
        ("invoicing/domain/x.py", "from decimal import ROUND_HALF_UP"),
        ("invoicing/domain/x.py", "import decimal\nd.quantize(e, rounding=decimal.ROUND_DOWN)"),
        ("invoicing/services/x.py", "amount.quantize(cent)"),
        ("metering/selectors/x.py", "round(amount, 2)"),
    ],
    rules.no_wall_clock: [
        ("metering/services/x.py", "from datetime import datetime as d\nd.now(UTC)"),
        ("catalogue/selectors/x.py", "import datetime\ndatetime.date.today()"),
        ("invoicing/models/x.py", "from django.utils import timezone\nf(default=timezone.now)"),
        ("invoicing/models/x.py", "at = DateTimeField(auto_now_add=True)"),
        ("catalogue/services/x.py", "from billing_site.common.clock import now"),
        ("catalogue/services/x.py", "from billing_site.common import clock\nclock.now()"),
        ("billing_site/scenarios/steps/x.py", "import time\ntime.time()"),
    ],
    rules.no_wall_clock_in_sql: [
        ("metering/sql/x.sql", "-- x\nUPDATE metering_charge SET at = now()"),
        ("metering/sql/x.sql", "-- x\nSELECT CURRENT_TIMESTAMP"),
        ("metering/sql/x.sql", "-- x\nSELECT clock_timestamp() - current_date"),
    ],
    rules.every_domain_shows_an_example: [
        ("catalogue/domain/x.py", '"""No example."""'),
    ],
    rules.no_long_modules: [
        ("catalogue/services/x.py", "pass\n" * 301),
    ],
    rules.no_drawer_names: [
        ("catalogue/services/utils.py", ""),
        ("metering/helpers/x.py", ""),
    ],
    rules.no_machine_paths: [
        ("billing_site/docs/x.md", "see /" + "work/shared"),
    ],
    rules.no_registry_hosts: [
        ("requirements.lock", "--index-url https://" + "pypi" + ".org/simple"),
        ("pyproject.toml", 'url = "http://10.0.0.1:3141/' + 'root/main/+simple/"'),
    ],
}

ALLOWED: dict[Rule, list[tuple[str, str]]] = {
    rules.no_drawer_names: [
        ("templates/unfold/helpers/header_title.html", ""),
    ],
    rules.no_higher_app_by_name: [
        ("invoicing/models/x.py", 'ForeignKey("catalogue.Account")'),
        ("catalogue/models/x.py", '"""invoicing_invoice is no business of ours."""'),
    ],
    rules.own_or_lower_tables_named: [
        ("invoicing/sql/x.sql", "-- x\nSELECT FROM metering_charge, working_table"),
        ("metering/sql/x.sql", "-- invoicing_invoice\nSELECT 'invoicing_invoice'"),
        ("billing_site/sql/x.sql", "-- x\nSELECT FROM invoicing_invoice"),
    ],
    rules.own_tables_written: [
        ("invoicing/sql/x.sql", "-- x\nSELECT FROM metering_charge FOR UPDATE"),
        ("invoicing/sql/x.sql", "-- x\nSELECT FROM metering_charge FOR NO KEY UPDATE"),
        (
            "metering/sql/x.sql",
            "-- x\nINSERT INTO metering_charge SELECT FROM catalogue_price ON CONFLICT DO UPDATE SET a = 1",
        ),
        ("metering/sql/x.sql", "-- x\nDELETE FROM working_table USING catalogue_price"),
        ("metering/sql/x.sql", "-- x\nCREATE TEMP TABLE a AS SELECT FROM catalogue_price"),
    ],
    rules.only_what_was_received: [
        ("reconciliation/sql/shadow_x.sql", "-- x\nSELECT FROM metering_usageevent, catalogue_price"),
        ("reconciliation/sql/x.sql", "-- x\nSELECT FROM metering_charge"),
    ],
    rules.one_statement_with_a_head_comment: [
        ("metering/sql/x.sql", "-- x; y\nSELECT ';'"),
    ],
    rules.no_sql_in_python: [
        ("metering/services/x.py", 'execute("SELECT pg_advisory_xact_lock(%s)")'),
        ("metering/services/x.py", '"""SELECT is what it does."""'),
        ("metering/services/x.py", 'raise X("Select a price of the book, or delete it.")'),
    ],
    rules.no_writing_in_entry_points: [
        ("metering/api/x.py", "context.update({'a': 1})"),
        ("metering/services/x.py", "charge.save()"),
    ],
    rules.no_floats_in_domains: [
        ("catalogue/domain/x.py", "import math\nmath.gcd(4, Fraction(1) / 2)"),
        ("catalogue/services/x.py", "progress = 0.5"),
    ],
    rules.exact_types_in_sql: [
        ("metering/sql/x.sql", "-- no float\nSELECT amount::numeric"),
    ],
    rules.one_rounding: [
        ("catalogue/domain/rounding.py", "from decimal import ROUND_HALF_UP"),
        ("catalogue/services/x.py", "euro.round(amount)"),
    ],
    rules.no_wall_clock: [
        ("metering/tasks.py", "from billing_site.common.clock import now"),
        ("metering/services/x.py", "def f(now: datetime): return now"),
    ],
    rules.no_wall_clock_in_sql: [
        ("metering/sql/x.sql", "-- now()\nSELECT %(now)s, 'now()'"),
    ],
    rules.no_long_modules: [
        ("catalogue/services/x.py", "pass\n" * 300),
    ],
    rules.no_machine_paths: [
        ("billing_site/docs/x.md", "a network/work/shop"),
    ],
}


def samples(planted: dict[Rule, list[tuple[str, str]]]) -> list[Any]:
    return [
        pytest.param(rule, Source(PurePosixPath(path), text), id=f"{rule.__name__}-{path}")
        for rule, files in planted.items()
        for path, text in files
    ]


@pytest.mark.parametrize(("rule", "source"), samples(FORBIDDEN))
def test_what_is_forbidden_is_found(rule: Rule, source: Source) -> None:
    assert list(rule(source))


@pytest.mark.parametrize(("rule", "source"), samples(ALLOWED))
def test_what_is_allowed_is_not_found(rule: Rule, source: Source) -> None:
    assert not list(rule(source))


def test_no_rule_goes_unproved() -> None:
    assert set(FORBIDDEN) == set(RULES)
