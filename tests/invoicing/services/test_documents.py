import resource
import signal
from hashlib import sha256
from uuid import uuid4

import pytest
from celery import current_app
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import ProgrammingError, transaction

from invoicing import tasks
from invoicing.models import Document
from invoicing.selectors.documents import invoices_without_document
from invoicing.selectors.invoice_views import InvoiceNotFound
from invoicing.services import documents
from invoicing.services.documents import DocumentNotStored, InvoiceNotIssued, render_invoice_document
from tests.factories.invoices import account, draft_invoice, issued_invoice

pytestmark = pytest.mark.django_db
NAME = "invoices/DE/2023/DE-2023-00001.pdf"


def stored(name=NAME):
    with default_storage.open(name) as file:
        return file.read()


def test_the_file_and_its_checksum_are_kept():
    document = render_invoice_document(invoice_id=issued_invoice().pk)
    assert document.file.name == NAME
    assert stored().startswith(b"%PDF-1.7")
    assert document.sha256 == sha256(stored()).hexdigest()
    assert document.size == len(stored())


def test_a_second_call_changes_nothing():
    invoice = issued_invoice()
    first = render_invoice_document(invoice_id=invoice.pk)
    before = default_storage.get_modified_time(NAME)
    assert render_invoice_document(invoice_id=invoice.pk) == first
    assert Document.objects.count() == 1
    assert default_storage.get_modified_time(NAME) == before
    assert default_storage.listdir("invoices/DE/2023") == ([], ["DE-2023-00001.pdf"])


@pytest.mark.parametrize("left_over", [b"", b"%PDF-1.7 the first half"])
def test_a_file_that_a_killed_job_left_is_replaced(left_over):
    default_storage.save(NAME, ContentFile(left_over))
    document = render_invoice_document(invoice_id=issued_invoice().pk)
    assert document.file.name == NAME
    assert sha256(stored()).hexdigest() == document.sha256


def test_killed_before_the_row_the_next_call_gives_the_same_document(monkeypatch):
    invoice = issued_invoice()

    def killed(*arguments, **options):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt), transaction.atomic():
        patch.setattr(Document, "save", killed)
        render_invoice_document(invoice_id=invoice.pk)
    left = stored()
    assert not Document.objects.exists()
    render_invoice_document(invoice_id=invoice.pk)
    assert stored() == left


def test_a_document_that_another_worker_wrote_meanwhile_stands(monkeypatch):
    invoice = issued_invoice()
    render, others = documents.invoice_document, []

    def slowly(view):
        content = render(view)
        if not others:
            others.append(None)
            others.append(render_invoice_document(invoice_id=invoice.pk))
        return content

    monkeypatch.setattr(documents, "invoice_document", slowly)
    assert render_invoice_document(invoice_id=invoice.pk) == others[1]


def test_a_draft_gets_no_document():
    with pytest.raises(InvoiceNotIssued, match="acct-de-1 for 2023-09 is a draft; issue it"):
        render_invoice_document(invoice_id=draft_invoice().pk)


def test_an_unknown_invoice_gets_no_document():
    with pytest.raises(InvoiceNotFound):
        render_invoice_document(invoice_id=uuid4())


def test_a_document_is_written_once():
    document = render_invoice_document(invoice_id=issued_invoice().pk)
    document.sha256 = "0" * 64
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        document.save()


def test_issued_invoices_without_a_document_are_found_oldest_first(django_assert_num_queries):
    issued = [
        issued_invoice(account(f"acct-{number}"), number=f"DE-2023-0000{number}") for number in (1, 2, 3)
    ]
    draft_invoice(account("acct-4"))
    render_invoice_document(invoice_id=issued[1].pk)
    with django_assert_num_queries(1):
        assert invoices_without_document(limit=10) == [issued[0].pk, issued[2].pk]
    assert invoices_without_document(limit=1) == [issued[0].pk]


@pytest.fixture
def jobs_at_once():
    current_app.conf.task_always_eager = True
    yield
    current_app.conf.task_always_eager = False


@pytest.mark.usefixtures("jobs_at_once")
def test_the_job_renders_what_has_no_document_and_nothing_twice():
    issued = [issued_invoice(account(f"acct-{number}"), number=f"DE-2023-0000{number}") for number in (1, 2)]
    render_invoice_document(invoice_id=issued[0].pk)
    tasks.render_documents()
    tasks.render_document(str(issued[1].pk))
    assert Document.objects.count() == 2
    assert invoices_without_document(limit=10) == []


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
    assert invoices_without_document(limit=10) == [invoice.pk]
    most = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    tasks.render_document(str(invoice.pk))
    assert sha256((full_disk / NAME).read_bytes()).hexdigest() == Document.objects.get().sha256
