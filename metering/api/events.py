"""The door for events: CloudEvents 1.0 in JSON, one or a batch, without a serializer for each."""

from typing import IO, Any

import msgspec
from django.conf import settings
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiRequest, OpenApiResponse, extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from billing_site.common.clock import now
from billing_site.common.rest.problems import Conflict, TooLarge
from billing_site.common.rest.requests import caller_of
from catalogue.models import Scope
from metering.api import event_schema
from metering.domain.cloud_events import BatchTooLarge, MalformedBatch
from metering.services.ingestion import Sender, ingest_cloud_events


class RawBody(BaseParser):
    """Hands the body over as bytes: the service decodes it."""

    media_type = "application/json"

    def parse(self, stream: IO[bytes], *_how: Any) -> bytes:  # type: ignore[override]
        return stream.read()


class RawEvent(RawBody):
    media_type = "application/cloudevents+json"


class RawBatch(RawBody):
    media_type = "application/cloudevents-batch+json"


class EventRejected(MalformedBatch):
    """One event, sent by itself, that cannot be used; nothing was stored."""

    code = "event_rejected"


class EventView(APIView):
    """Send what happened to resources, and what was used."""

    scope = Scope.EVENTS_WRITE
    permission = "metering.add_lifecycleevent"
    parser_classes = [RawBody, RawEvent, RawBatch]

    @extend_schema(
        operation_id="events_create",
        tags=["events"],
        request={
            RawBatch.media_type: OpenApiRequest(event_schema.BATCH, examples=[event_schema.BATCH_EXAMPLE]),
            RawEvent.media_type: OpenApiRequest(event_schema.EVENT, examples=[event_schema.USAGE_EXAMPLE]),
            RawBody.media_type: OpenApiRequest(event_schema.EVENT_OR_BATCH),
        },
        responses={
            200: OpenApiResponse(event_schema.REPORT, "What became of each event, in the order sent."),
            (400, "application/problem+json"): OpenApiResponse(event_schema.PROBLEM, "It cannot be read."),
            (409, "application/problem+json"): OpenApiResponse(
                event_schema.PROBLEM, "One event, known with other content; of a batch this is a result."
            ),
            (413, "application/problem+json"): OpenApiResponse(event_schema.PROBLEM, "Send smaller batches."),
        },
    )
    def post(self, request: Request) -> HttpResponse:
        """Send one event or a batch of up to 10,000.

        Sending again is safe: an event is known for ever by its source and id. After an answer in the 500s,
        or none, send the same batch again; what was stored the first time comes back as `duplicate`.
        """
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        if length > settings.EVENTS_MAX_BYTES:
            raise TooLarge(
                f"The body has {length} bytes, and at most {settings.EVENTS_MAX_BYTES} are taken at once; "
                "send smaller batches."
            )
        body = request.data if isinstance(request.data, bytes) else b""
        try:
            report = ingest_cloud_events(body, sender=_sender(request), received_at=now(), channel="api")
        except BatchTooLarge as refusal:
            raise TooLarge(refusal.sentence, refusal.code) from refusal
        if body.lstrip().startswith(b"["):
            # A serializer for each of thousands of results would take longer than storing them.
            answer = msgspec.json.encode({"results": report.results, "counts": report.counts})
            return HttpResponse(answer, content_type="application/json")
        (result,) = report.results
        if result.status == "conflict":
            raise Conflict(result.detail, "event_conflict")
        if result.status == "rejected":
            raise EventRejected(result.detail)
        return Response(msgspec.structs.asdict(result))


def _sender(request: Request) -> Sender:
    caller = caller_of(request)
    company = caller.company
    if company is None or getattr(caller, "account_id", None) is not None:
        raise PermissionDenied("Events are sent for a company; use a key of a company, not of an account.")
    return Sender(company_id=company.pk, head_office_id=company.head_office_id)
