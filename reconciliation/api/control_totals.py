"""What the order stream says that it sent: take it in, and list what was told."""

from typing import Any

import msgspec
from django.conf import settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiRequest, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing_site.common.clock import now
from billing_site.common.errors import BillingError
from billing_site.common.rest.fields import CodeField, RowSerializer
from billing_site.common.rest.files import CsvBody, JsonText, file_of
from billing_site.common.rest.problems import TooLarge
from billing_site.common.rest.views import VisibleRows
from billing_site.common.tables import TableRefused
from catalogue.models import Scope
from reconciliation.api.tables import refused_items, sender_of
from reconciliation.domain.cells import WrongCell, day
from reconciliation.models import ControlDay
from reconciliation.selectors.visible import visible_control_days
from reconciliation.services.control_totals import (
    TakenControl,
    ToldDays,
    take_control,
    take_control_file,
)


class MalformedControl(BillingError):
    """The body as a whole cannot be read; nothing of it is stored."""

    code = "malformed_control"


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    hour: str
    resource: str = ""
    quantity: str | int | None = None


class _Total(msgspec.Struct, forbid_unknown_fields=True):
    account: str
    sku: str
    day: str
    quantity: str | int


class _Control(msgspec.Struct, forbid_unknown_fields=True):
    source: str
    lines: list[_Line] | None = None
    totals: list[_Total] | None = None
    first_day: str = ""
    last_day: str = ""


class ControlLineRequest(serializers.Serializer[Any]):
    id = serializers.CharField(help_text="The event's id.")
    hour = serializers.DateTimeField(help_text="The first instant of the hour in which it happened.")
    resource = serializers.CharField(required=False, help_text="The event's subject.")
    quantity = serializers.CharField(required=False, help_text="As sent; nothing where nothing is measured.")


class ControlTotalRequest(serializers.Serializer[Any]):
    account = serializers.CharField(help_text="Its code.")
    sku = serializers.CharField()
    day = serializers.DateField(help_text="Of UTC.")
    quantity = serializers.CharField(help_text="In the product's unit.")


class ControlRequest(serializers.Serializer[Any]):
    source = serializers.CharField(help_text="The source of the events.")  # type: ignore[assignment]
    lines = ControlLineRequest(many=True, required=False, help_text="A line an event; or totals.")
    totals = ControlTotalRequest(many=True, required=False)
    first_day = serializers.DateField(
        required=False, help_text="Of the days of UTC that are told and replaced. Default: the first named."
    )
    last_day = serializers.DateField(required=False, help_text="Inclusive. Default: the last named.")


class TakenSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField()
    days = serializers.IntegerField(help_text="How many days were told.")
    stored = serializers.IntegerField(help_text="Lines that are new, or other than before.")
    removed = serializers.IntegerField(help_text="Lines of these days that are told no more.")
    unchanged = serializers.IntegerField()


class ControlDaySerializer(RowSerializer):
    company = CodeField()

    class Meta:
        model = ControlDay
        fields = ["company", "source", "day", "kind", "line_count", "quantity", "received_at"]


_EXAMPLE = {
    "source": "meters",
    "first_day": "2026-09-01",
    "last_day": "2026-09-01",
    "lines": [
        {"id": "meter-9-2026090109", "resource": "vm-77", "hour": "2026-09-01T09:00:00Z", "quantity": "12.5"}
    ],
}


class ControlTotalViewSet(VisibleRows):
    """What was told of each day by the order stream."""

    visible = staticmethod(visible_control_days)
    serializer_class = ControlDaySerializer
    filterset_fields = ["source", "day", "kind"]
    parser_classes = [JsonText, CsvBody]

    @property
    def scope(self) -> str:  # type: ignore[override]
        return Scope.EVENTS_WRITE if self.request.method == "POST" else Scope.BILLING_READ

    @property
    def permission(self) -> str:
        return "reconciliation.add_controlday" if self.action == "create" else super().permission

    @extend_schema(
        request={
            JsonText.media_type: OpenApiRequest(
                ControlRequest, examples=[OpenApiExample("A day by lines", _EXAMPLE, request_only=True)]
            ),
            CsvBody.media_type: OpenApiRequest(OpenApiTypes.STR),
        },
        responses=TakenSerializer,
    )
    def create(self, request: Request) -> Response:
        """Tell whole days of a source: a line for each event, or totals by account, product and day.

        What is not listed for a day that is told was not sent. Sent again, the days are replaced, and the
        same again changes nothing. All of it is taken, or none.
        """
        company = sender_of(request)
        if str(request.content_type).startswith(CsvBody.media_type):
            file = file_of(request, "import_control_totals")
            taken = take_control_file(company=company, file=file, received_at=now())
        else:
            taken = self._take(request, company)
        return Response(TakenSerializer(taken).data)

    def _take(self, request: Request, company: Any) -> TakenControl:
        control = _read(request)
        kind = ControlDay.Kind.LINES if control.totals is None else ControlDay.Kind.TOTALS
        items: list[_Line | _Total] = [*(control.lines or []), *(control.totals or [])]
        lines = [
            (number, {**_cells(item), "source": control.source}) for number, item in enumerate(items, start=1)
        ]
        try:
            return take_control(
                company=company, kind=kind, lines=lines, told=_told(control), received_at=now()
            )
        except TableRefused as refused:
            raise refused_items(refused, kind) from refused


def _read(request: Request) -> _Control:
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if length > settings.EVENTS_MAX_BYTES:
        raise TooLarge(
            f"The body has {length} bytes, and at most {settings.EVENTS_MAX_BYTES} are taken at once; send a "
            "day by itself, or use manage.py import_control_totals."
        )
    try:
        body = request.data if isinstance(request.data, bytes) else b""
        control = msgspec.json.decode(body, type=_Control)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
        raise MalformedControl(f"This is no control of a stream: {problem}.") from problem
    if (control.lines is None) == (control.totals is None):
        raise MalformedControl("Send either lines or totals; [] says that nothing was sent.")
    if bool(control.first_day) != bool(control.last_day):
        raise MalformedControl("Send first_day and last_day together, or neither.")
    if not control.first_day and not (control.lines or control.totals):
        raise MalformedControl("Say by first_day and last_day on which days nothing was sent.")
    return control


def _told(control: _Control) -> ToldDays | None:
    if not control.first_day:
        return None
    cells = {"first_day": control.first_day, "last_day": control.last_day}
    try:
        told = ToldDays(control.source, day(cells, "first_day"), day(cells, "last_day"))
    except WrongCell as refusal:
        raise MalformedControl(f"{refusal.column}: {refusal.sentence}") from refusal
    if told.last < told.first:
        raise MalformedControl("last_day lies before first_day.")
    return told


def _cells(item: _Line | _Total) -> dict[str, str]:
    return {name: str(value) for name, value in msgspec.structs.asdict(item).items() if value is not None}
