import pytest

from billing_site.bench import ingestion


@pytest.fixture
def few_events(monkeypatch):
    monkeypatch.setattr(ingestion, "EVENTS", 200)
    monkeypatch.setattr(ingestion, "API_BATCH", 100)
    monkeypatch.setattr(ingestion, "ROUNDS", 1)


def test_every_way_in_is_measured_beside_a_copy(few_events, django_db_blocker):
    with django_db_blocker.unblock():
        measured = ingestion.figures()
    assert [(figure.name, figure.bound) for figure in measured] == [
        ("API", ">= 0.35"),
        ("API, known events", "<= 1"),
        ("file", ">= 0.6"),
        ("file, known events", "<= 1"),
        ("a DRF serializer an event", ""),
    ]
    assert all(figure.value > 0 and figure.peer > 0 for figure in measured)
