import pytest

from billing_site.bench import ticks


@pytest.fixture
def few_events(monkeypatch):
    monkeypatch.setattr(ticks, "NEW_EVENTS", 20)
    monkeypatch.setattr(ticks, "ROUNDS", 1)


def test_a_tick_is_measured_among_many_events_and_among_few(few_events, django_db_blocker):
    with django_db_blocker.unblock():
        (measured,) = ticks.figures(rows=2_000)
    assert (measured.name, measured.bound) == ("among 2,000 known", "<= 1.3")
    assert measured.ratio == measured.value / measured.peer
