import pytest

from billing_site.bench import documents


@pytest.fixture
def small(monkeypatch):
    for name, value in {
        "PRINTED_LINES": 2,
        "PAGE_LINES": 3,
        "LONG_LINES": 4,
        "DOCUMENTS": 2,
        "ROUNDS": 1,
        "REQUESTS": 2,
        "_WARM_UP": 1,
    }.items():
        monkeypatch.setattr(documents, name, value)


def test_documents_and_pages_are_measured(small, django_db_blocker):
    with django_db_blocker.unblock():
        measured = documents.figures()
    assert [figure.name for figure in measured] == [
        "PDF of 2 lines with its e-invoice",
        "2 PDFs by two workers, against one",
        "peak private memory, PDF of 4 lines",
        "invoice of 3 lines in the portal",
        "invoice of 3 lines in the console",
    ]
    assert [figure.bound for figure in measured] == ["<= 1.15", ">= 1.7", "<= 1", "<= 15", "<= 15"]
    assert all(figure.value > 0 and figure.peer > 0 for figure in measured)
