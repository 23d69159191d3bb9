"""What was accepted and is in no charge for more than an hour."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from billing_site.common.clock import now
from billing_site.common.rest.fields import MonthField
from billing_site.common.rest.requests import caller_of
from catalogue.models import Scope
from metering.api.exceptions import ExceptionSerializer
from metering.selectors.unrated import unrated

_SHOWN = 100


class WaitingBatchSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    received_at = serializers.DateTimeField()
    channel = serializers.CharField()
    event_count = serializers.IntegerField()


class WaitingMonthSerializer(serializers.Serializer[Any]):
    account = serializers.CharField(source="account.code")
    month = MonthField()
    stale_since = serializers.DateTimeField()
    rated_as_of = serializers.DateTimeField(allow_null=True)


class UnratedSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField(help_text="How many batches, months and exceptions; 0 is well.")
    batches = WaitingBatchSerializer(many=True, help_text="Accepted and not mediated: the first 100.")
    months = WaitingMonthSerializer(many=True, help_text="With news that is not rated: the first 100.")
    exceptions = ExceptionSerializer(
        many=True, help_text="That keep events from being billed: the first 100."
    )


class UnratedView(APIView):
    """What was accepted more than an hour ago and is not rated: it waits for a job, or for a person."""

    scope = Scope.BILLING_READ
    permission = "metering.view_eventexception"

    @extend_schema(responses=UnratedSerializer)
    def get(self, request: Request) -> Response:
        found = unrated(caller_of(request), at=now())
        body = {
            "count": found.count,
            "batches": found.batches[:_SHOWN],
            "months": found.months[:_SHOWN],
            "exceptions": found.exceptions[:_SHOWN],
        }
        return Response(UnratedSerializer(body).data)
