"""Data of charts for Chart.js, which the console's theme serves; only for the eye."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

_COLOURS = ("var(--color-primary-600)", "#f59e0b", "#10b981", "#ef4444")
_GREY = "#9ca3af"
_SCALE = {"ticks": {"color": _GREY}, "border": {"display": False}}
# The theme's own options have no legend.
OPTIONS = json.dumps(
    {
        "animation": False,
        "responsive": True,
        "maintainAspectRatio": False,
        "plugins": {"legend": {"align": "end", "labels": {"boxWidth": 10, "boxHeight": 10, "color": _GREY}}},
        "scales": {"x": {**_SCALE, "grid": {"display": False}}, "y": _SCALE},
    }
)


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of the page: what Chart.js takes as its data."""

    title: str
    kind: Literal["bar", "line"]
    data: str
    options: str = OPTIONS


def chart(
    title: str,
    kind: Literal["bar", "line"],
    labels: Sequence[str],
    series: Mapping[str, Sequence[Decimal | None]],
) -> Chart:
    """Make a chart of series of one length, each in a colour of its own."""
    datasets = [
        {
            "label": name,
            "data": [None if value is None else float(value) for value in values],
            "backgroundColor": colour,
            "borderColor": colour,
            "tension": 0.2,
        }
        for (name, values), colour in zip(series.items(), _COLOURS, strict=False)
    ]
    return Chart(title, kind, json.dumps({"labels": list(labels), "datasets": datasets}))
