from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from reconciliation.domain.finding_classes import GRACE, Difference, class_of, is_within_grace

AT = datetime(2026, 4, 4, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("expected", "kind", "measure", "difference", "known"),
    [
        ("missing", "missing", "amount", "10", {}),
        ("extra", "extra", "amount", "-10", {}),
        ("duplicate", "extra", "amount", "-10", {"is_repeated": True}),
        ("missing", "missing", "amount", "10", {"is_repeated": True}),
        ("quantity", "mismatch", "quantity", "0.5", {}),
        ("quantity", "mismatch", "amount", "2", {"quantities_differ": True}),
        ("rounding", "mismatch", "amount", "0.01", {}),
        ("price", "mismatch", "amount", "0.02", {}),
        ("rounding", "mismatch", "amount", "-0.03", {"lines": 3}),
        ("price", "mismatch", "amount", "1", {"minor_units": 2}),
        ("rounding", "mismatch", "amount", "1", {"minor_units": 0}),
        ("currency", "mismatch", "amount", "0.01", {"currencies_differ": True}),
        ("late", "missing", "quantity", "1", {"is_late": True, "quantities_differ": True}),
    ],
    ids=str,
)
def test_the_first_rule_that_fits_gives_the_class(expected, kind, measure, difference, known):
    assert class_of(Difference(kind, measure, Decimal(difference), **known)) == expected


def test_grace_ends_after_three_days_and_only_late_events_have_it():
    assert is_within_grace(AT - GRACE, AT)
    assert not is_within_grace(AT - GRACE - timedelta(seconds=1), AT)
    assert not is_within_grace(None, AT)
