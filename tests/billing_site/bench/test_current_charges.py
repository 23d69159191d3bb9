from billing_site.bench import current_charges


def test_a_look_at_an_account_is_measured_beside_an_empty_answer(monkeypatch, django_db_blocker):
    monkeypatch.setattr(current_charges, "RESOURCES", 10)
    monkeypatch.setattr(current_charges, "_ACCOUNTS", 2)
    monkeypatch.setattr(current_charges, "_ROUNDS", 2)
    monkeypatch.setattr(current_charges, "_WARM_UP", 1)
    with django_db_blocker.unblock():
        (measured,) = current_charges.figures()
    assert (measured.name, measured.bound) == ("account of 10 resources", "<= 10")
    assert measured.ratio == measured.value / measured.peer
