"""Price files: send one, see how far it is and what it would change, have it published or taken back."""

import tempfile
from collections.abc import Iterator
from io import BytesIO
from typing import IO, Any, BinaryIO, cast

from django.conf import settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiRequest, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from billing_site.common.clock import now
from billing_site.common.errors import BillingError
from billing_site.common.rest.bodies import Body
from billing_site.common.rest.fields import CodeField, RowSerializer
from billing_site.common.rest.problems import TooLarge
from billing_site.common.rest.requests import NotFound, caller_of
from billing_site.common.rest.views import VisibleThings
from catalogue.models import (
    Action,
    ImportFinding,
    PriceChange,
    PriceImport,
    PriceImportProgress,
    ProductChange,
    Scope,
    User,
)
from catalogue.selectors.price_changes import ChangedLine, changed_lines
from catalogue.selectors.visible import visible_price_file_companies, visible_price_imports
from catalogue.services.price_import_jobs import (
    request_price_import,
    request_publication,
    request_reversal,
)
from catalogue.services.price_import_words import parse_effective

_PIECE = 1 << 20
_IN_MEMORY = 1 << 22


class ProgressSerializer(RowSerializer):
    class Meta:
        model = PriceImportProgress
        fields = ["step", "percent_done"]


class PriceImportSerializer(RowSerializer):
    company = CodeField()
    progress = ProgressSerializer(read_only=True, help_text="Of the job, while it works and after.")

    class Meta:
        model = PriceImport
        fields = [
            *("id", "company", "file_name", "layout", "effective", "state", "progress", "problem"),
            *("needs_approval", "lines_read", "lines_new", "lines_changed", "lines_unchanged"),
            *("lines_withdrawn", "prices_new", "prices_changed", "prices_unchanged", "prices_withdrawn"),
            *("errors", "warnings", "uploaded_at", "checked_at", "approved_at", "published_at"),
            "reverted_at",
        ]


class FindingSerializer(RowSerializer):
    class Meta:
        model = ImportFinding
        fields = ["severity", "line", "column", "code", "sentence"]


class OldPriceSerializer(RowSerializer):
    class Meta:
        model = PriceChange
        fields = [
            *("model", "unit_price", "fee", "package_size", "package_price", "percent", "fixed_fee"),
            *("included", "cap", "minimum", "scope"),
        ]


class PriceChangeSerializer(RowSerializer):
    company = CodeField()
    account = CodeField()
    before = OldPriceSerializer(source="old_price", read_only=True, allow_null=True)

    class Meta:
        model = PriceChange
        fields = [
            *("action", "company", "account", "currency", "valid_from", "valid_to"),
            *OldPriceSerializer.Meta.fields,
            *("tiers", "note", "before", "change_percent"),
        ]


class ProductChangeSerializer(RowSerializer):
    class Meta:
        model = ProductChange
        fields = [
            *("action", "name", "family", "category", "provider", "region", "unit", "kind"),
            *("aggregation", "tax_category", "ended_at", "before"),
        ]


class ChangedLineSerializer(serializers.Serializer[ChangedLine]):
    line = serializers.IntegerField()
    sku = serializers.CharField()
    product = ProductChangeSerializer(allow_null=True, help_text="Null in a long file.")
    prices = PriceChangeSerializer(many=True)


class ChangeSetSerializer(serializers.Serializer[Any]):
    more = serializers.BooleanField(help_text="Ask again with the last line as `after`.")
    results = ChangedLineSerializer(many=True)


class FindingsSerializer(serializers.Serializer[Any]):
    results = FindingSerializer(many=True)


class UploadQuery(Body):
    company = serializers.CharField(help_text="The code of the company whose file it is.")
    effective = serializers.CharField(
        help_text="A date (midnight where each company is) or an instant with a zone."
    )
    file_name = serializers.CharField(max_length=250, default="prices.csv")


class ChangeQuery(Body):
    action = serializers.ChoiceField(choices=Action.choices, default=Action.CHANGED)
    sku = serializers.CharField(required=False, default="", help_text="Words that stand in the SKU.")
    after = serializers.IntegerField(min_value=0, max_value=2**31 - 1, default=0)
    page_size = serializers.IntegerField(min_value=1, max_value=500, default=100)


class FindingQuery(Body):
    severity = serializers.ChoiceField(choices=ImportFinding.Severity.choices, required=False)


class CsvFile(BaseParser):
    """Hands the body over as a file: what is long lies on disk, not in memory."""

    media_type = "text/csv"

    def parse(self, stream: IO[bytes], *_how: Any) -> IO[bytes]:  # type: ignore[override]
        # It is closed when the request is forgotten.
        file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
        for piece in _pieces(stream):
            file.write(piece)
        file.seek(0)
        return file


class PriceImportViewSet(VisibleThings):
    """Price files. A worker checks a new one: ask for it until its state is `checked` or `refused`."""

    visible = staticmethod(visible_price_imports)
    serializer_class = PriceImportSerializer
    filterset_fields = ["state"]
    parser_classes = [CsvFile]
    lookup_value_regex = "[0-9]{1,18}"
    _RIGHTS = {
        "create": "catalogue.add_priceimport",
        "publish": "catalogue.publish_priceimport",
        "revert": "catalogue.publish_priceimport",
    }

    @property
    def scope(self) -> str:  # type: ignore[override]
        return Scope.CATALOGUE_WRITE if self.action in self._RIGHTS else Scope.CATALOGUE_READ

    @property
    def permission(self) -> str:
        return self._RIGHTS.get(self.action, super().permission)

    @extend_schema(
        request={CsvFile.media_type: OpenApiRequest(OpenApiTypes.STR)},
        parameters=[UploadQuery],
        responses={202: PriceImportSerializer},
    )
    def create(self, request: Request) -> Response:
        """Send a price file, wide or long, as text/csv; it is checked by a job and changes nothing yet."""
        asked = UploadQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.UPLOAD_MAX_BYTES:
            raise _too_large()
        companies = visible_price_file_companies(caller_of(request))
        company = companies.select_related("parent").filter(code=values["company"]).first()
        if company is None:
            raise ValidationError({"company": NotFound.default_detail})
        try:
            effective = parse_effective(values["effective"])
        except BillingError as refusal:
            raise ValidationError({"effective": refusal.sentence}) from refusal
        price_import = request_price_import(
            company=company,
            file=cast(BinaryIO, request.data or BytesIO()),
            file_name=values["file_name"],
            effective=effective,
            uploaded_by=_person(request),
            uploaded_at=now(),
        )
        return Response(PriceImportSerializer(price_import).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(parameters=[FindingQuery], responses=FindingsSerializer, filters=False)
    @action(detail=True, pagination_class=None, filter_backends=[])
    def findings(self, request: Request, pk: str) -> Response:  # noqa: ARG002 (get_object reads it)
        """List what is wrong with a file or worth a look, by line; a thousand of a kind at most."""
        asked = FindingQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        found = self.get_object().findings.filter(**asked.validated_data)
        return Response(FindingsSerializer({"results": found}).data)

    @extend_schema(parameters=[ChangeQuery], responses=ChangeSetSerializer, filters=False)
    @action(detail=True, pagination_class=None, filter_backends=[])
    def changes(self, request: Request, pk: str) -> Response:  # noqa: ARG002 (get_object reads it)
        """List what a file would change, or has changed, line by line: old, new, percent."""
        asked = ChangeQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        size = values["page_size"]
        lines = changed_lines(
            self.get_object(),
            action=values["action"],
            words=values["sku"],
            after=values["after"],
            most=size + 1,
        )
        return Response(ChangeSetSerializer({"more": len(lines) > size, "results": lines[:size]}).data)

    @extend_schema(request=None, responses={202: PriceImportSerializer})
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str) -> Response:  # noqa: ARG002 (get_object reads it)
        """Have a checked file published; one that needs approval must have it. Safe to repeat."""
        asked = request_publication(price_import=self.get_object(), requested_by=_person(request))
        return Response(PriceImportSerializer(asked).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses={202: PriceImportSerializer})
    @action(detail=True, methods=["post"])
    def revert(self, request: Request, pk: str) -> Response:  # noqa: ARG002 (get_object reads it)
        """Have a published file taken back by new entries. Safe to repeat."""
        asked = request_reversal(price_import=self.get_object(), requested_by=_person(request))
        return Response(PriceImportSerializer(asked).data, status=status.HTTP_202_ACCEPTED)


def _person(request: Request) -> User | None:
    caller = caller_of(request)
    return caller if isinstance(caller, User) else None


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """The body piece by piece; refused as soon as it proves too long, whatever its length was said to be."""
    read = 0
    while piece := stream.read(_PIECE):
        read += len(piece)
        if read > settings.UPLOAD_MAX_BYTES:
            raise _too_large()
        yield piece


def _too_large() -> TooLarge:
    return TooLarge(
        f"At most {settings.UPLOAD_MAX_BYTES:,} bytes are taken at once: split the file into several."
    )
