from billing_site.bench import timelines


def test_lives_are_measured_beside_a_plain_insert(monkeypatch, django_db_blocker):
    monkeypatch.setattr(timelines, "ROUNDS", 1)
    with django_db_blocker.unblock():
        (measured,) = timelines.figures(rows=50)
    assert (measured.name, measured.bound) == ("lives of 50 resources", ">= 0.4")
    assert measured.ratio == measured.peer / measured.value
