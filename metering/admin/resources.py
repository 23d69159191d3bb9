"""What runs, when it was in which state for whom, and what its meters showed."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from unfold.decorators import display

from billing_site.common.admin import LINK, BulkAdmin, Table, VisibleChoices, show_number
from billing_site.common.clock import now
from catalogue.domain.periods import InvalidPeriod, Period, billing_period, month_cycle
from catalogue.domain.rounding import round_quantity
from metering.domain.uptime import UpTime
from metering.models import Resource
from metering.selectors.resource_lives import LivedInterval, ResourceLife, resource_life
from metering.selectors.usage_charts import Meter, usage_by_hour
from metering.selectors.visible import visible_resources

_SHOWN = 200
_HOUR = timedelta(hours=1)
_NONE = Fraction(0)


@admin.register(Resource)
class ResourceAdmin(BulkAdmin):
    visible = staticmethod(visible_resources)
    list_display = ["name", "account", "shown_state", "head_office", "created_at", "ended_at"]
    list_filter = ["state", ("head_office", VisibleChoices)]
    search_fields = ["name__exact"]
    search_help_text = "The whole name."
    ordering = ["-id"]
    change_form_outer_after_template = "console/resource.html"
    fields = [("name", "account"), ("shown_state", "head_office"), ("created_at", "ended_at")]
    readonly_fields = ["account", "shown_state"]

    @display(
        description="state",
        ordering="state",
        label={"active": "success", "suspended": "warning", "stopped": "info", "ended": "danger"},
    )
    def shown_state(self, resource: Resource) -> str:
        return resource.state

    @admin.display(ordering="account_id")
    def account(self, resource: Any) -> str:
        return resource.account

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        charts = self._charts(request, row) if row and self.has_view_permission(request, row) else {}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **charts})

    def tables(self, request: HttpRequest, row: Resource) -> list[Table]:
        life = self._life(request, row)
        if not life.intervals:
            return []
        zone = ZoneInfo(life.timezone)
        skus = sorted({sku for month in life.months for sku in month.item_hours})
        parts = [f"{sku}, {_times(life.units[sku])}" for sku in skus]
        months = [
            (
                format_html('<a class="{0}" href="?month={1}">{1}</a>', LINK, f"{month.starts_on:%Y-%m}"),
                *_figures(month, skus),
            )
            for month in reversed(life.months)
        ]
        days = [(day.starts_on.isoformat(), *_figures(day, skus)) for day in life.days]
        rows = [_stretch(interval, zone) for interval in reversed(life.intervals[-_SHOWN:])]
        note = f"The latest {_SHOWN}." if len(life.intervals) > _SHOWN else ""
        headers = ["from", "to", "state", "account", "made of"]
        up = ["hours up", "hours in any state", *parts]
        tables = [
            Table(f"Timeline, as known now, times of {zone.key}", headers, rows, note),
            Table("Up time by month", ["month", *up], months, "A month shows its days and its meters."),
        ]
        if life.month:
            tables.append(Table(f"Up time by day, {life.month:%B %Y}", ["day", *up], days))
        return tables

    def _life(self, request: HttpRequest, row: Resource) -> ResourceLife:
        try:
            month = month_cycle(request.GET["month"]).starts_on if "month" in request.GET else None
        except InvalidPeriod:
            month = None
        return resource_life(row, caller=self.person(request), as_of=now(), month=month)

    def _charts(self, request: HttpRequest, row: Resource) -> dict[str, Any]:
        life = self._life(request, row)
        if life.month is None:
            return {}
        zone = ZoneInfo(life.timezone)
        period = billing_period(life.month, zone)
        meters = usage_by_hour(row, intervals=life.intervals, period=period)
        return {
            "charts": [
                (f"{meter.sku}, {meter.unit} an hour", _chart(meter, period, zone)) for meter in meters
            ],
            "charts_title": f"Meters, hour by hour, {life.month:%B %Y}, times of {zone.key}",
        }


def _chart(meter: Meter, period: Period, zone: ZoneInfo) -> str:
    """The hours of a month as Chart.js takes them; an hour without a record has no bar."""
    by_hour = {hour.hour: hour.quantity for hour in meter.hours}
    first = period.start.replace(minute=0)
    hours = [first + number * _HOUR for number in range(int(period.hours) + 1)]
    return json.dumps(
        {
            "labels": [f"{hour.astimezone(zone):%d %H:%M}" for hour in hours],
            "datasets": [
                {
                    "label": meter.unit,
                    "data": [float(by_hour[hour]) if hour in by_hour else None for hour in hours],
                    "backgroundColor": "var(--color-primary-600)",
                    "displayYAxis": True,
                }
            ],
        }
    )


def _stretch(interval: LivedInterval, zone: ZoneInfo) -> tuple[str, ...]:
    items = ", ".join(f"{show_number(item.quantity)} × {item.sku}" for item in interval.items)
    start, end = _instant(interval.started_at, zone), _instant(interval.ended_at, zone)
    return start, end, interval.state, interval.account, items or "—"


def _figures(time: UpTime, skus: list[str]) -> tuple[str, ...]:
    shown = (time.up, time.lived, *(time.item_hours.get(sku, _NONE) for sku in skus))
    return tuple(show_number(round_quantity(hours)) for hours in shown)


def _times(unit: str) -> str:
    """What a quantity of a unit lasts is counted in: GiB-hour is that already."""
    return unit if unit.endswith("hour") else f"{unit}-hours"


def _instant(instant: datetime | None, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M:%S}" if instant else "still so"
