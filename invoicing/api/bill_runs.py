"""Have a month billed, see what becomes of it, and take its steps."""

from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from billing_site.common.clock import now
from billing_site.common.rest.bodies import Body
from billing_site.common.rest.fields import CodeField, ExactField, MonthField, RowSerializer
from billing_site.common.rest.pages import CursorPages
from billing_site.common.rest.requests import NotFound, caller_of
from billing_site.common.rest.views import VisibleThings
from catalogue.models import Scope, User
from catalogue.selectors.visible import visible_companies
from invoicing.api.invoices import InvoiceSerializer, WholeInvoiceSerializer
from invoicing.domain.bill_run_states import state_after
from invoicing.models import BillRun, BillRunAccount, BillRunWarning, Invoice
from invoicing.selectors.bill_run_rights import STEPS_OF_PEOPLE, steps_for
from invoicing.selectors.bill_runs import account_counts, bill_run_variance
from invoicing.selectors.visible import visible_bill_runs, visible_invoices
from invoicing.services.bill_runs import start_bill_run, take_step_of_people

_VARIANCES = 100


class DraftPages(CursorPages):
    ordering = "account_code"


class BillRunSerializer(RowSerializer):
    company = CodeField()
    month = MonthField()

    class Meta:
        model = BillRun
        fields = [
            *("id", "company", "month", "cutoff", "issued_on", "state", "issues_by_itself"),
            *("needs_approval", "stops_on_warnings"),
        ]


class BillRunWarningSerializer(RowSerializer):
    class Meta:
        model = BillRunWarning
        fields = ["kind", "sentence", "count"]


class WholeBillRunSerializer(BillRunSerializer):
    accounts = serializers.SerializerMethodField(help_text="How many are in each state.")
    warnings = BillRunWarningSerializer(many=True, read_only=True)
    steps = serializers.SerializerMethodField(help_text="What you may do with it now.")

    class Meta(BillRunSerializer.Meta):
        fields = [*BillRunSerializer.Meta.fields, "accounts", "warnings", "steps"]

    @extend_schema_field(serializers.DictField(child=serializers.IntegerField()))
    def get_accounts(self, run: BillRun) -> dict[str, int]:
        return account_counts(run_id=run.pk)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_steps(self, run: BillRun) -> list[str]:
        return steps_for(caller_of(self.context["request"]), run)


class BillRunAccountSerializer(RowSerializer):
    account = CodeField()

    class Meta:
        model = BillRunAccount
        fields = ["account", "state", "reason"]


class BillRunAccountFilters(filters.FilterSet):
    class Meta:
        model = BillRunAccount
        fields = ["state"]


class _Amount(ExactField):
    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=30, decimal_places=12, **options)


class VarianceSerializer(serializers.Serializer[Any]):
    account = serializers.CharField()
    currency = serializers.CharField()
    before_amount = _Amount(help_text="Net of the month before.")
    now_amount = _Amount(help_text="Net of the run's month.")
    difference = _Amount()
    percent = _Amount(allow_null=True, help_text="Of the month before; null if that was nothing.")


class BillRunBody(Body):
    company = serializers.CharField(help_text="Its code.")
    month = MonthField(help_text="The billing month.")
    cutoff = serializers.DateTimeField(required=False, help_text="What comes later is late. Default: now.")
    issued_on = serializers.DateField(required=False, help_text="Default: today where the company is.")
    issues_by_itself = serializers.BooleanField(
        default=True, help_text="False: it shows its drafts and waits for the step `issue`."
    )


class BillRunStepBody(Body):
    cutoff = serializers.DateTimeField(
        required=False,
        help_text="Of draft-again and retry-parked, for what is not closed. Default: as it was.",
    )


class BillRunViewSet(VisibleThings):
    """Bill runs; workers do them: ask for one again until its state is `issued`, `drafted` or `stopped`."""

    visible = staticmethod(visible_bill_runs)
    serializer_class = BillRunSerializer
    filterset_class: Any = None
    filterset_fields = ["state"]
    lookup_value_regex = "[0-9]{1,18}"

    def get_serializer_class(self) -> type[BillRunSerializer]:
        return WholeBillRunSerializer if self.action == "retrieve" else BillRunSerializer

    @property
    def scope(self) -> str:  # type: ignore[override]
        return Scope.BILLING_WRITE if self.request.method == "POST" else Scope.BILLING_READ

    @property
    def permission(self) -> str:
        return "invoicing.add_billrun" if self.action == "create" else super().permission

    @extend_schema(request=BillRunBody, responses={202: BillRunSerializer})
    def create(self, request: Request) -> Response:
        """Ask for a company's month to be billed. Asked again, the run that stands is answered."""
        asked = BillRunBody(data=request.data)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        caller = caller_of(request)
        company = visible_companies(caller).filter(code=values["company"]).first()
        if company is None:
            raise NotFound
        instant = now()
        run = start_bill_run(
            company=company,
            month=values["month"],
            cutoff=values.get("cutoff", instant),
            issued_on=values.get("issued_on", instant.astimezone(ZoneInfo(company.timezone)).date()),
            at=instant,
            issues_by_itself=values["issues_by_itself"],
            requested_by=caller if isinstance(caller, User) else None,
        )
        return Response(BillRunSerializer(run).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(
        filters=False,
        parameters=[OpenApiParameter("state", enum=BillRunAccount.State.values)],
        responses=BillRunAccountSerializer(many=True),
    )
    @action(detail=True, filterset_class=BillRunAccountFilters)
    def accounts(self, _request: Request, **_run: str) -> Response:
        """What the run does with each account, and why one is parked."""
        run = self.get_queryset().filter(pk=self.kwargs["pk"]).first()
        if run is None:
            raise NotFound
        rows = BillRunAccount.objects.filter(bill_run=run).select_related("account")
        page = self.paginate_queryset(self.filter_queryset(rows))
        return self.get_paginated_response(BillRunAccountSerializer(page, many=True).data)

    @extend_schema(responses=VarianceSerializer(many=True))
    @action(detail=True, filterset_fields=None, pagination_class=None)
    def variance(self, _request: Request, **_run: str) -> Response:
        """The hundred accounts that differ most from the month before, in percent."""
        rows = bill_run_variance(run_id=self.get_object().pk, at_most=_VARIANCES)
        return Response(VarianceSerializer(rows, many=True).data)

    @extend_schema(responses=InvoiceSerializer(many=True))
    @action(detail=True, filterset_fields=None, pagination_class=DraftPages)
    def drafts(self, request: Request, **_run: str) -> Response:
        """The invoices that the run would issue, by account, without numbers and limited promotions."""
        page = self.paginate_queryset(self._drafts(request))
        return self.get_paginated_response(InvoiceSerializer(page, many=True).data)

    @extend_schema(responses=WholeInvoiceSerializer)
    @action(detail=True, url_path="drafts/(?P<account>[^/]+)", filterset_fields=None)
    def draft(self, request: Request, account: str, **_run: str) -> Response:
        """The draft of one account with lines and taxes."""
        invoice = self._drafts(request).filter(account__code=account.replace("\0", "")).first()
        if invoice is None:
            raise NotFound
        return Response(WholeInvoiceSerializer(invoice).data)

    @extend_schema(
        request=BillRunStepBody,
        responses={202: WholeBillRunSerializer},
        parameters=[OpenApiParameter("step", enum=STEPS_OF_PEOPLE, location="path")],
    )
    @action(detail=True, methods=["post"], url_path="steps/(?P<step>[a-z_]+)")
    def step(self, request: Request, step: str, **_run: str) -> Response:
        """Take a step: `issue` (an approval, where the company wants one), `pause` and so on; else 409."""
        run = self.get_object()
        asked = BillRunStepBody(data=request.data)
        asked.is_valid(raise_exception=True)
        if step not in STEPS_OF_PEOPLE:
            raise NotFound
        caller = caller_of(request)
        state_after(step, run.state, str(run))
        if step not in steps_for(caller, run):
            raise PermissionDenied("This step of the bill run is for somebody else to take.")
        take_step_of_people(
            run=run,
            step=step,
            person=caller if isinstance(caller, User) else None,
            at=now(),
            cutoff=asked.validated_data.get("cutoff"),
        )
        run.refresh_from_db()
        answer = WholeBillRunSerializer(run, context={"request": request})
        return Response(answer.data, status=status.HTTP_202_ACCEPTED)

    def _drafts(self, request: Request) -> Any:
        run = self.get_object()
        drafts = visible_invoices(caller_of(request)).filter(state=Invoice.State.DRAFT)
        drafts = drafts.filter(company=run.company_id, month=run.month)
        return drafts.annotate(account_code=F("account__code"))
