"""What tests of invoicing share."""

import pytest

from catalogue.models import Company
from tests.factories.bill_runs import office, use


@pytest.fixture
def north() -> Company:
    """An office whose accounts a and b used 10 and 20 GB in March; c used nothing."""
    company = office()
    for name, quantity in {"a": "10", "b": "20"}.items():
        use(name, quantity)
    return company
