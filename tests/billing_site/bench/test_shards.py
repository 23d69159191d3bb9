from billing_site.bench import shards


def test_two_workers_are_measured_beside_one(monkeypatch, django_db_blocker):
    monkeypatch.setattr(shards, "ROUNDS", 1)
    monkeypatch.setattr(shards, "ACCOUNTS", 20)
    with django_db_blocker.unblock():
        measured = shards.figures(rows=100)
    assert [(figure.name, figure.bound) for figure in measured] == [
        ("two workers", ">= 1.5"),
        ("one worker", "<= 11"),
        ("peak private memory of one worker, beside a tenth of the accounts", "<= 1.2"),
    ]
    assert all(figure.value > 0 and figure.peer > 0 for figure in measured)
