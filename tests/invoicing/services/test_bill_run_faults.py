"""Runs side by side, workers that are killed, a server that ends its connections: all come out the same."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from threading import Barrier

import pytest
from django.db import DatabaseError, connection, connections

from catalogue.models import Promotion
from invoicing import tasks
from invoicing.models import BillRunAccount, InterCompanyDocument, Invoice, NumberSeries
from invoicing.selectors.number_report import number_report
from invoicing.services import bill_run_drafting, intercompany, issuing
from invoicing.services.bill_run_driving import begin_drafting, drive_bill_run
from tests.factories.bill_runs import MARCH, ask, bill, issued, now, office, use

pytestmark = pytest.mark.django_db(transaction=True)
CODES = [f"a{number:02}" for number in range(12)]
ALL = [(f"north-2026-{number + 1:05}", code, f"{number + 1}.00") for number, code in enumerate(CODES)]


@pytest.fixture
def twelve(monkeypatch):
    """Twelve accounts in shards of three."""
    monkeypatch.setattr(bill_run_drafting, "ACCOUNTS_AT_ONCE", 3)
    company = office(accounts=CODES)
    for number, code in enumerate(CODES):
        use(code, str(number + 1))
    return company


def side_by_side(job, times):
    start = Barrier(times)

    def run(_):
        try:
            start.wait(20)
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(run, range(times)))


def is_whole(company):
    assert issued(company) == ALL
    assert {report.is_contiguous for report in number_report(NumberSeries.objects.all()).values()} == {True}
    assert InterCompanyDocument.objects.count() == 1
    assert set(BillRunAccount.objects.values_list("state", flat=True)) == {"issued"}


def test_two_runs_at_once_are_one(twelve):
    side_by_side(lambda: bill(twelve), 2)
    is_whole(twelve)


def test_four_workers_draft_one_run(twelve):
    run = ask(twelve)
    begin_drafting(run_id=run.pk)
    side_by_side(lambda: drive_bill_run(run_id=run.pk), 4)
    assert now(run).state == "issued"
    is_whole(twelve)


def test_a_promotion_for_one_goes_to_one_whoever_drafts(twelve):
    once = Promotion.objects.create(
        company=twelve, code="ONCE", percent=100, valid_from=MARCH, max_redemptions=1
    )
    once.accounts.set(twelve.accounts.all())
    run = ask(twelve)
    begin_drafting(run_id=run.pk)
    side_by_side(lambda: drive_bill_run(run_id=run.pk), 3)
    assert [net for *_, net in issued(twelve)] == ["0.00", *(net for *_, net in ALL[1:])]


def break_off(monkeypatch, module, name, at):
    """Let the server end the connection in the middle of the `at`-th statement called `name`, once."""
    before, calls = module.sql.run, []

    def run(app, statement, parameters=None):
        if statement == name:
            calls.append(statement)
            if len(calls) == at:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return before(app, statement, parameters)

    monkeypatch.setattr(module.sql, "run", run)


@pytest.mark.parametrize(
    ("module", "statement", "at"),
    [
        (bill_run_drafting, "draft_lines", 1),
        (bill_run_drafting, "draft_taxes", 3),
        (bill_run_drafting, "record_drafts", 4),
        (issuing, "issue_invoices", 1),
        (issuing, "record_issued", 1),
        (intercompany, "issue_intercompany", 1),
    ],
    ids=["first lines", "third taxes", "last record", "numbers", "record of the issue", "head office"],
)
def test_a_worker_that_loses_its_server_is_made_up_for(twelve, monkeypatch, module, statement, at):
    """What a killed worker or a restarted server leaves behind is the same: an open transaction is undone."""
    run = ask(twelve)
    with monkeypatch.context() as patch:
        break_off(patch, module, statement, at)
        with pytest.raises(DatabaseError):
            drive_bill_run(run_id=run.pk)
    connection.close()
    assert now(run).state in ("drafting", "issuing")
    assert Invoice.objects.filter(state="issued").count() in (0, 12)
    tasks.run_bill_runs()
    assert now(run).state == "issued"
    is_whole(twelve)
    assert not BillRunAccount.objects.filter(state="parked").exists(), "nobody is parked for it"


def test_a_worker_killed_at_account_40_of_100_is_made_up_for(monkeypatch):
    """Four shards of ten stand, the fifth is undone with its process; numbers are as if nothing had been."""
    monkeypatch.setattr(bill_run_drafting, "ACCOUNTS_AT_ONCE", 10)
    codes = [f"a{number:02}" for number in range(100)]
    company = office(accounts=codes)
    for code in codes:
        use(code, "2")
    run = ask(company)
    connections.close_all()
    worker = get_context("fork").Process(target=drive_until_account_40, args=(run.pk,))
    worker.start()
    worker.join(60)
    assert worker.exitcode == -signal.SIGKILL
    states = list(BillRunAccount.objects.order_by("account__code").values_list("state", flat=True))
    assert states == ["drafted"] * 40 + ["pending"] * 60
    assert (now(run).state, Invoice.objects.count()) == ("drafting", 40)
    tasks.run_bill_runs()
    assert now(run).state == "issued"
    assert issued(company) == [
        (f"north-2026-{number:05}", code, "2.00") for number, code in enumerate(codes, 1)
    ]


def drive_until_account_40(run_id):
    run_statement = bill_run_drafting.sql.run

    def run(app, statement, parameters=None):
        rows = run_statement(app, statement, parameters)
        if statement == "draft_lines" and BillRunAccount.objects.filter(state="drafted").count() == 40:
            os.kill(os.getpid(), signal.SIGKILL)
        return rows

    bill_run_drafting.sql.run = run
    drive_bill_run(run_id=run_id)
