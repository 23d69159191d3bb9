"""The feed of accounts under writers that commit in another order than they began."""

import threading
from datetime import date

import pytest
from django.db import connection, transaction

from catalogue.models import Account, AccountChange, Contact, TaxTreatment, User
from catalogue.selectors.account_changes import visible_account_changes
from catalogue.services.account_changes import number_account_changes
from catalogue.services.accounts import open_account
from tests.factories.houses import head_office
from tests.factories.invoices import company


def told(after=0):
    """What a follower reads who has read up to a place."""
    number_account_changes()
    changes = AccountChange.objects.filter(position__gt=after).order_by("position")
    return [(change.position, change.account.code, change.kind) for change in changes]


@pytest.mark.django_db
def test_what_changed_is_named():
    account = open_account(code="a", company=company())
    Account.objects.filter(pk=account.pk).update(email="a@example.com", address="Street")
    Account.objects.filter(pk=account.pk).update(email="a@example.com")
    contact = Contact.objects.create(account=account, name="Ada")
    Contact.objects.update(name="Grace")
    Contact.objects.update(name="Grace")
    contact.delete()
    TaxTreatment.objects.create(account=account, category="export", valid_from=date(2026, 1, 1))
    assert list(AccountChange.objects.order_by("id").values_list("kind", "fields")) == [
        ("created", []),
        ("changed", ["address", "email"]),
        ("changed", ["contacts"]),
        ("changed", ["contacts"]),
        ("changed", ["contacts"]),
        ("changed", ["tax_treatments"]),
    ]


@pytest.mark.django_db
def test_places_have_no_holes_and_are_given_once():
    seller = company()
    for code in "abc":
        open_account(code=code, company=seller)
    assert number_account_changes() == 3
    assert number_account_changes() == 0
    open_account(code="d", company=seller)
    assert told(2) == [(3, "c", "created"), (4, "d", "created")]


@pytest.mark.django_db
def test_only_what_is_reached_is_told():
    north = head_office("north", "alder", "birch")
    number_account_changes()
    root = User.objects.create_superuser("root")
    callers = {"root": root, "north": north.operator, "alder": north.sales_offices[0].operator}
    assert {
        name: [change.account.code for change in visible_account_changes(caller)]
        for name, caller in callers.items()
    } == {
        "root": ["north-1", "alder-1", "birch-1"],
        "north": ["north-1", "alder-1", "birch-1"],
        "alder": ["alder-1"],
    }


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_commits_late_hides_nothing():
    """The one that began first, and has the lower ids, commits after a follower has gone past the other."""
    seller = company()
    written, may_commit = threading.Event(), threading.Event()

    def begin_first_commit_last():
        with transaction.atomic():
            open_account(code="early", company=seller)
            written.set()
            assert may_commit.wait(30)
        connection.close()

    writer = threading.Thread(target=begin_first_commit_last)
    writer.start()
    try:
        assert written.wait(30)
        open_account(code="late", company=seller)
        assert told() == [(1, "late", "created")]
    finally:
        may_commit.set()
        writer.join(30)
    assert told(after=1) == [(2, "early", "created")]
    early, late = (AccountChange.objects.get(account__code=code) for code in ("early", "late"))
    assert early.pk < late.pk


@pytest.mark.django_db(transaction=True)
def test_many_writers_and_followers_at_once():
    """Each follower reads each change once, though all of them number and all writers overlap."""
    seller = company()
    writing = threading.Event()
    writing.set()
    read: list[list[str]] = [[], [], []]

    def write(number):
        for turn in range(15):
            with transaction.atomic():
                for part in range(number + 1):
                    open_account(code=f"{number}-{turn}-{part}", company=seller)
        connection.close()

    def follow(place):
        after = 0
        while True:
            last_look = not writing.is_set()
            number_account_changes()
            page = list(
                AccountChange.objects.filter(position__gt=after)
                .order_by("position")
                .values_list("position", "account__code")[:7]
            )
            read[place] += [code for _, code in page]
            after = page[-1][0] if page else after
            if last_look and not page:
                break
        connection.close()

    followers = [threading.Thread(target=follow, args=(place,)) for place in range(3)]
    writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in followers + writers:
        thread.start()
    for thread in writers:
        thread.join(60)
    writing.clear()
    for thread in followers:
        thread.join(60)
    everything = sorted(Account.objects.values_list("code", flat=True))
    assert len(everything) == 15 * (1 + 2 + 3 + 4)
    assert [sorted(codes) for codes in read] == [everything] * 3
    assert read[0] == read[1] == read[2]
