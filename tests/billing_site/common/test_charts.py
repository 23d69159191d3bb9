"""What Chart.js is given."""

import json
from decimal import Decimal

from billing_site.common.charts import chart


def test_each_series_has_a_colour_and_a_gap_stays_a_gap():
    made = chart(
        "Margin", "bar", ["a", "b"], {"revenue": [Decimal("1.5"), None], "cost": [Decimal(1), Decimal(2)]}
    )
    data = json.loads(made.data)
    assert data["labels"] == ["a", "b"]
    assert [(series["label"], series["data"]) for series in data["datasets"]] == [
        ("revenue", [1.5, None]),
        ("cost", [1.0, 2.0]),
    ]
    assert len({series["backgroundColor"] for series in data["datasets"]}) == 2
