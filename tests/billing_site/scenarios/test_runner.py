from billing_site.scenarios.runner import run_file
from billing_site.scenarios.steps import HANDLERS

BILL_RUN = "  - bill_run"


def lines(path, databases):
    return list(run_file(path, databases).lines())


def test_a_story_that_ends_as_expected(write_story, databases):
    assert lines(write_story(), databases) == ["ok   story"]


def test_a_failure_shows_each_expectation_with_expected_and_actual(write_story, databases):
    path = write_story(('net: "2.40"', 'net: "2.41"'), ('amount: "2.40"', 'amount: "2.41"'))

    assert lines(path, databases) == [
        "FAIL story: 1 of 1 expectations do not hold",
        "       timeline[3].expect_invoice ACME/2026-03: net: expected 2.41, actual 2.4",
        "       timeline[3].expect_invoice ACME/2026-03: line: "
        "expected {sku: VM, resource: vm-1, quantity: 24, amount: 2.41}, "
        "actual {kind: charge, sku: VM, resource: vm-1, service_start: 2026-03-30T12:00:00Z, "
        "service_end: 2026-03-31T12:00:00Z, quantity: 24, unit_price: 0.1, amount: 2.4}",
    ]


def test_the_story_goes_on_after_an_expectation_that_does_not_hold(write_story, databases):
    path = write_story(
        (BILL_RUN, "  - expect_no_invoice: {account: ACME, period: 2026-03}\n" + BILL_RUN),
        ("  - expect_invoice", "  - expect_no_invoice: {account: ACME, period: 2026-03}\n  - expect_invoice"),
    )

    assert lines(path, databases) == [
        "FAIL story: 1 of 3 expectations do not hold",
        "       timeline[4].expect_no_invoice ACME/2026-03: "
        "invoice: expected none, actual US1-2026-00001 of 2.400000000000",
    ]


def test_an_invoice_that_is_missing(write_story, databases):
    path = write_story(("2026-04-02T12:00:00Z", "2026-03-29T12:00:00Z"))

    assert lines(path, databases)[1:] == [
        "       timeline[3].expect_invoice ACME/2026-03: expected an invoice, actual none"
    ]


def test_what_becomes_of_an_event_is_an_expectation(write_story, databases):
    usage = (
        "  - usage: {{id: u1, time: 2026-03-30T13:00Z, account: ACME, sku: GB, quantity: {}, expect: {}}}\n"
    )
    path = write_story(
        (
            BILL_RUN,
            usage.format('"1.0"', "quarantined")
            + usage.format('"1"', "duplicate")
            + usage.format('"2"', "conflict")
            + usage.format('"3"', "accepted")
            + BILL_RUN,
        )
    )

    assert lines(path, databases) == [
        "FAIL story: 1 of 5 expectations do not hold",
        "       timeline[5].usage u1: expect: expected accepted, actual conflict",
    ]


def test_a_rejected_event_is_not_passed_over_in_silence(write_story, databases):
    usage = '  - usage: {id: u1, time: 2026-03-30T13:00:00Z, account: ACME, sku: GB, quantity: "-1"}\n'

    first, second = lines(write_story((BILL_RUN, usage + BILL_RUN)), databases)

    assert first == "FAIL story: 1 of 2 expectations do not hold"
    assert second.startswith("       timeline[2].usage u1: rejected, which the file does not expect: ")


def test_exceptions_are_compared_one_to_one(write_story, databases):
    late = "  - usage: {id: u1, time: 2026-03-31T13:00:00Z, resource: vm-1, sku: VM, quantity: '1'}\n"
    expect = "  - expect_exceptions: [{kind: usage_after_end, id: u1}, {kind: conflict, id: e1}]\n"

    assert lines(write_story((BILL_RUN, late + expect + BILL_RUN)), databases) == [
        "FAIL story: 1 of 2 expectations do not hold",
        "       timeline[3].expect_exceptions: exception: expected {kind: conflict, id: e1}, actual none",
    ]


def test_a_step_that_is_not_built_yet_ends_the_story(write_story, databases, monkeypatch):
    monkeypatch.delitem(HANDLERS, "reconcile")
    path = write_story(
        (
            BILL_RUN,
            "  - reconcile: {level: stream_to_billing, company: US1, period: 2026-03, expect: []}\n"
            + BILL_RUN,
        )
    )

    assert lines(path, databases) == ["FAIL story: not built: reconcile (timeline[2].reconcile)"]


def test_what_the_product_refuses_is_told_with_its_place(write_story, databases):
    path = write_story(
        ("  - {code: US1,", "  - {code: US2, country: US, currency: USD, timezone: UTC}\n  - {code: US1,"),
        ("{company: US1, sku", "{company: US2, account: ACME, sku"),
    )

    assert lines(path, databases) == [
        "FAIL story: prices: refused: ACME is not an account of US2: "
        "agree on the price in its company's book."
    ]


def test_a_row_that_the_console_would_refuse(write_story, databases):
    [line] = lines(write_story(("unit: hour", "unit: " + "h" * 61)), databases)

    assert line.startswith("FAIL story: products: refused: VM: ")


def test_a_file_that_cannot_be_read(write_story, databases):
    [line] = lines(write_story(("net:", "nett:")), databases)

    assert line == "FAIL story: story.yaml: timeline[3].expect_invoice: Object contains unknown field `nett`"
