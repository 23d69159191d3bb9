"""Have a month billed, and see what became of it."""

from typing import Any
from zoneinfo import ZoneInfo

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from billing_site.common.clock import now
from billing_site.common.rest.fields import CodeField, MonthField, RowSerializer
from billing_site.common.rest.requests import NotFound, caller_of
from billing_site.common.rest.views import VisibleThings
from catalogue.models import Scope
from catalogue.selectors.visible import visible_companies
from invoicing.models import BillRun
from invoicing.selectors.visible import visible_bill_runs
from invoicing.services.bill_runs import request_bill_run


class BillRunSerializer(RowSerializer):
    company = CodeField()
    month = MonthField()

    class Meta:
        model = BillRun
        fields = ["id", "company", "month", "cutoff", "issued_on", "state"]


class BillRunRequestSerializer(serializers.Serializer[Any]):
    company = serializers.CharField(help_text="Its code.")
    month = MonthField(help_text="The billing month.")
    cutoff = serializers.DateTimeField(required=False, help_text="What comes later is late. Default: now.")
    issued_on = serializers.DateField(required=False, help_text="Default: today where the company is.")


class BillRunViewSet(VisibleThings):
    """Bill runs; a new one is done by a worker: ask for it again until its state is `issued`."""

    visible = staticmethod(visible_bill_runs)
    serializer_class = BillRunSerializer
    filterset_fields = ["state"]

    @property
    def scope(self) -> str:  # type: ignore[override]
        return Scope.BILLING_WRITE if self.request.method == "POST" else Scope.BILLING_READ

    @property
    def permission(self) -> str:
        return "invoicing.add_billrun" if self.request.method == "POST" else super().permission

    @extend_schema(request=BillRunRequestSerializer, responses={202: BillRunSerializer})
    def create(self, request: Request) -> Response:
        """Ask for a company's month to be billed. Asked again, the run that stands is answered."""
        asked = BillRunRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        company = visible_companies(caller_of(request)).filter(code=values["company"]).first()
        if company is None:
            raise NotFound
        instant = now()
        run = request_bill_run(
            company=company,
            month=values["month"],
            cutoff=values.get("cutoff", instant),
            issued_on=values.get("issued_on", instant.astimezone(ZoneInfo(company.timezone)).date()),
        )
        return Response(BillRunSerializer(run).data, status=status.HTTP_202_ACCEPTED)
