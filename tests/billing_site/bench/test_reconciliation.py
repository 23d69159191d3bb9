from billing_site.bench import reconciliation


def test_both_ratings_of_the_measured_month_agree_and_every_figure_is_measured(
    monkeypatch, django_db_blocker
):
    monkeypatch.setattr(reconciliation, "ROUNDS", 1)
    with django_db_blocker.unblock():
        second, levels, *_memory = reconciliation.figures(rows=50)
    assert (second.name, second.bound) == ("second rating", ">= 1")
    assert (levels.name, levels.bound) == ("levels 2 to 4", "<= 3")
    assert levels.ratio == levels.value / levels.peer
