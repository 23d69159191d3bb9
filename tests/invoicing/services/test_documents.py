import resource
import signal
from decimal import Decimal
from hashlib import sha256
from uuid import uuid4

import pytest
from celery import current_app
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, ProgrammingError, transaction

from invoicing import tasks
from invoicing.domain.credits import CreditRequest
from invoicing.models import Document, Invoice
from invoicing.selectors.documents import without_document
from invoicing.selectors.invoice_views import InvoiceNotFound
from invoicing.services import documents
from invoicing.services.credit_notes import credit_invoice
from invoicing.services.document_contents import invoice_document
from invoicing.services.documents import DocumentNotStored, InvoiceNotIssued, render_document
from invoicing.services.waking import wake_rendering
from tests.factories.bill_runs import ISSUED_ON, bill
from tests.factories.invoices import account, draft_invoice, issued_invoice

pytestmark = pytest.mark.django_db
NAME = "invoices/DE/2023/DE-2023-00001.pdf"


def stored(name=NAME):
    with default_storage.open(name) as file:
        return file.read()


def test_the_file_and_its_checksum_are_kept():
    document = render_document(owner="invoice", key=issued_invoice().pk)
    assert document.file.name == NAME
    assert stored().startswith(b"%PDF-1.7")
    assert document.sha256 == sha256(stored()).hexdigest()
    assert document.size == len(stored())


def test_a_second_call_changes_nothing():
    invoice = issued_invoice()
    first = render_document(owner="invoice", key=invoice.pk)
    before = default_storage.get_modified_time(NAME)
    assert render_document(owner="invoice", key=invoice.pk) == first
    assert Document.objects.count() == 1
    assert default_storage.get_modified_time(NAME) == before
    assert default_storage.listdir("invoices/DE/2023") == ([], ["DE-2023-00001.pdf"])


@pytest.mark.parametrize("left_over", [b"", b"%PDF-1.7 the first half"])
def test_a_file_that_a_killed_job_left_is_replaced(left_over):
    default_storage.save(NAME, ContentFile(left_over))
    document = render_document(owner="invoice", key=issued_invoice().pk)
    assert document.file.name == NAME
    assert sha256(stored()).hexdigest() == document.sha256


def test_killed_before_the_row_the_next_call_gives_the_same_document(monkeypatch):
    invoice = issued_invoice()

    def killed(*arguments, **options):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt), transaction.atomic():
        patch.setattr(Document, "save", killed)
        render_document(owner="invoice", key=invoice.pk)
    left = stored()
    assert not Document.objects.exists()
    render_document(owner="invoice", key=invoice.pk)
    assert stored() == left


def test_a_document_that_another_worker_wrote_meanwhile_stands(monkeypatch):
    invoice = issued_invoice()
    render, others = documents.invoice_document, []

    def slowly(view):
        content = render(view)
        if not others:
            others.append(None)
            others.append(render_document(owner="invoice", key=invoice.pk))
        return content

    monkeypatch.setattr(documents, "invoice_document", slowly)
    assert render_document(owner="invoice", key=invoice.pk) == others[1]


def test_a_draft_gets_no_document():
    with pytest.raises(InvoiceNotIssued, match="acct-de-1 for 2023-09 is a draft; issue it"):
        render_document(owner="invoice", key=draft_invoice().pk)


def test_an_unknown_invoice_gets_no_document():
    with pytest.raises(InvoiceNotFound):
        render_document(owner="invoice", key=uuid4())


def test_a_document_is_written_once():
    document = render_document(owner="invoice", key=issued_invoice().pk)
    document.sha256 = "0" * 64
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        document.save()


def test_issued_invoices_without_a_document_are_found_oldest_first(django_assert_num_queries):
    issued = [
        issued_invoice(account(f"acct-{number}"), number=f"DE-2023-0000{number}") for number in (1, 2, 3)
    ]
    draft_invoice(account("acct-4"))
    render_document(owner="invoice", key=issued[1].pk)
    with django_assert_num_queries(3):
        assert without_document(limit=10) == [("invoice", issued[0].pk), ("invoice", issued[2].pk)]
    assert without_document(limit=1) == [("invoice", issued[0].pk)]


@pytest.fixture
def jobs_at_once():
    current_app.conf.task_always_eager = True
    yield
    current_app.conf.task_always_eager = False


@pytest.mark.usefixtures("jobs_at_once")
def test_the_job_renders_what_has_no_document_and_nothing_twice():
    issued = [issued_invoice(account(f"acct-{number}"), number=f"DE-2023-0000{number}") for number in (1, 2)]
    render_document(owner="invoice", key=issued[0].pk)
    tasks.render_documents()
    tasks.render_document(str(issued[1].pk))
    assert Document.objects.count() == 2
    assert without_document(limit=10) == []


@pytest.mark.usefixtures("jobs_at_once")
def test_credit_notes_and_the_head_offices_document_are_rendered_like_invoices(
    north, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as after_commit:
        bill(north)
        credit_invoice(
            invoice=Invoice.objects.get(account__code="a"),
            request=CreditRequest(amount=Decimal(4)),
            request_id="c1",
            issued_on=ISSUED_ON,
            reason="Outage of 3 March",
        )
    assert after_commit.count(wake_rendering) == 3
    tasks.render_documents()
    files = list(Document.objects.order_by("file").values_list("file", flat=True))
    assert files == [
        "credit-notes/north/2026/north-CN-2026-00001.pdf",
        "inter-company/hq/2026/hq-IC-2026-00001.pdf",
        "invoices/north/2026/north-2026-00001.pdf",
        "invoices/north/2026/north-2026-00002.pdf",
    ]
    for document in Document.objects.all():
        assert sha256(stored(document.file.name)).hexdigest() == document.sha256
        before = render_document(owner=document.owner, key=document.thing.pk)
        assert (before, invoice_document(documents._OWNERS[document.owner][1](document.thing.pk))) == (
            document,
            stored(document.file.name),
        )
    tasks.render_documents()
    assert Document.objects.count() == 4


def test_a_document_is_of_one_thing():
    with pytest.raises(IntegrityError, match="document_of_one_thing"), transaction.atomic():
        Document.objects.create(file="x", sha256="0", size=0)


@pytest.fixture
def full_disk(settings, tmp_path):
    """A folder of the disk, where no file may grow beyond 8 KB, as where there is no room for more."""
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    }
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8_192, before[1]))
    yield tmp_path / "documents"
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


def test_a_disk_that_is_full_leaves_nothing_and_the_next_look_renders_it(full_disk):
    invoice = issued_invoice()
    with pytest.raises(DocumentNotStored, match=f"{NAME} could not be written: File too large. Free space"):
        tasks.render_document(str(invoice.pk))
    assert [path for path in full_disk.rglob("*") if path.is_file()] == []
    assert not Document.objects.exists()
    assert without_document(limit=10) == [("invoice", invoice.pk)]
    most = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    tasks.render_document(str(invoice.pk))
    assert sha256((full_disk / NAME).read_bytes()).hexdigest() == Document.objects.get().sha256
