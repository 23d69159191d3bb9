"""A page of the console that takes a file: check it, or store it; what is wrong stands below."""

from collections.abc import Sequence
from typing import Any, BinaryIO

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.decorators import action
from unfold.widgets import UnfoldAdminFileFieldWidget

from billing_site.common.admin import ConsoleAdmin, Table
from billing_site.common.errors import BillingError
from billing_site.common.tables import TableRefused

_SHOWN = 200


class SizeLimit(FileUploadHandler):
    """Skips the files of a request that is longer than UPLOAD_MAX_BYTES: they are neither kept nor stored."""

    def handle_raw_input(self, *what: Any, **_more: Any) -> None:
        _, _, content_length, *_ = what
        self.is_too_long = content_length > settings.UPLOAD_MAX_BYTES
        if self.request is not None:
            self.request.META["meridian.upload_too_large"] = self.is_too_long

    def new_file(self, *what: Any, **more: Any) -> None:
        super().new_file(*what, **more)
        if self.is_too_long:
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, _start: int) -> bytes:
        return raw_data

    def file_complete(self, _file_size: int) -> None:
        return None


def too_large(request: HttpRequest) -> str:
    """Say that the file of a request was skipped because it is too long; "" if it was not."""
    if not request.META.get("meridian.upload_too_large"):
        return ""
    return (
        f"The file is too long: at most {settings.UPLOAD_MAX_BYTES // 1_000_000:,} MB are taken at once. "
        "Split it into several."
    )


class FileForm(forms.Form):
    file = forms.FileField(widget=UnfoldAdminFileFieldWidget)


class Refusal(Exception):
    """What is wrong with a file: where and what; `title` says what became of the rest of it."""

    def __init__(self, findings: Sequence[tuple[str, str]], title: str = "Nothing was stored") -> None:
        super().__init__(findings)
        self.findings = findings
        self.title = title


class UploadAdmin(ConsoleAdmin):
    """A list with a button to bring rows in from a file; who may add rows may upload."""

    actions_list = ["upload"]
    upload_title = "Upload a file"
    upload_help: Sequence[str] = ()
    can_be_checked = False
    upload_form: type[FileForm] = FileForm

    def take_file(self, request: HttpRequest, file: BinaryIO, *, check_only: bool) -> str:
        """Store a file, or only check it; return in a sentence what it did. Raises Refusal, BillingError."""
        raise NotImplementedError

    def form_for(self, request: HttpRequest, *given: Any) -> FileForm:  # noqa: ARG002 (pages narrow by it)
        """Return the form, with what was given; a page narrows its choices here."""
        return self.upload_form(*given)

    def has_upload_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request)

    @action(description="Upload", url_path="upload", permissions=["upload"], icon="upload")
    def upload(self, request: HttpRequest) -> HttpResponse:
        given = (request.POST, request.FILES) if request.method == "POST" else ()
        form = self.form_for(request, *given)
        table: list[Table] = []
        if sentence := too_large(request):
            form.errors["file"] = form.error_class([sentence])
        if form.is_valid():
            check_only = "check" in request.POST
            try:
                sentence = self.take_file(request, form.cleaned_data["file"].file, check_only=check_only)
            except Refusal as refusal:
                table = [_findings(refusal)]
            except TableRefused as refusal:
                found = [(finding.where, finding.sentence) for finding in refusal.findings]
                table = [_findings(Refusal(found))]
            except BillingError as refusal:
                table = [_findings(Refusal([("", refusal.sentence)]))]
            else:
                messages.success(request, sentence)
                here = "upload" if check_only else "changelist"
                return redirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{here}"))
        context: dict[str, Any] = {
            **self.page_context(request, self.upload_title),
            "form": form,
            "help": self.upload_help,
            "can_be_checked": self.can_be_checked,
            "tables": table,
        }
        return TemplateResponse(request, "console/upload.html", context)


def _findings(refusal: Refusal) -> Table:
    findings = refusal.findings
    note = f"The first {_SHOWN} of {len(findings)}." if len(findings) > _SHOWN else ""
    return Table(refusal.title, ["where", "what is wrong"], findings[:_SHOWN], note)
