import pytest

from billing_site.bench import quotes


@pytest.fixture
def few_rounds(monkeypatch):
    monkeypatch.setattr(quotes, "_ROUNDS", 3)
    monkeypatch.setattr(quotes, "_WARM_UP", 1)


def test_figures_are_measured_on_a_server_of_their_own(few_rounds, django_db_blocker):
    with django_db_blocker.unblock():
        measured = quotes.figures()
    assert [figure.name for figure in measured] == [
        "quote of 20 items",
        "quote of 20 items with cost and margin",
    ]
    for figure in measured:
        assert (figure.unit, figure.bound) == ("ms", "<= 5")
        assert figure.ratio == figure.value / figure.peer
        assert figure.held == (figure.ratio <= 5)
