"""What we answer to the 112 questions that other billing systems got wrong: a test, or why there is none.

The questions with their worked answers are in edge-cases.md beside this file. `proven_by` names tests by
"path::function" below tests/, or scenarios by "scenario NAME". `differs` quotes the rule of FORMAT.md that
answers otherwise. `not_offered` gives the reason. `open_until` names what has to be built first.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    tests: tuple[str, ...] = ()
    differs: str = ""
    not_offered: str = ""
    open_until: str = ""


def proven_by(*tests: str) -> Answer:
    return Answer(tests=tests)


def differs(sentence: str, *tests: str) -> Answer:
    return Answer(tests=tests, differs=sentence)


def not_offered(reason: str) -> Answer:
    return Answer(not_offered=reason)


def open_until(what: str) -> Answer:
    return Answer(open_until=what)


COLLECTION = open_until("collection")

EDGE_CASES: dict[str, Answer] = {
    "EC1": proven_by("scenario lifecycle-resize-live"),
    "EC2": differs(
        "Product: `started_hour` rounds up each unbroken stretch of a charge, and a resize breaks it: 0.14. "
        "There is no rule that bills the hour at its highest size.",
        "scenario lifecycle-started-hour-resize",
    ),
    "EC3": proven_by("scenario lifecycle-resize-in-month"),
    "EC4": proven_by(
        "scenario lifecycle-rounding-rules",
        "metering/domain/test_billable_time.py::test_one_charge_under_the_four_rules",
    ),
    "EC5": proven_by("scenario lifecycle-suspend-over-month-end"),
    "EC6": proven_by("scenario late-suspend"),
    "EC7": proven_by("scenario event-duplicate-and-conflict"),
    "EC8": proven_by("scenario event-redundant-suspend"),
    "EC9": proven_by("scenario event-delete-before-create"),
    "EC10": proven_by("scenario event-unknown-resource"),
    "EC11": proven_by(
        "scenario event-same-instant",
        "metering/services/test_any_order.py::test_any_order_and_any_number_of_times_give_the_same",
    ),
    "EC12": differs(
        "Rule 11: the fee of an order follows its own start and end; what a suspension stops is time.",
        "scenario lifecycle-three-suspensions",
    ),
    "EC13": proven_by("scenario lifecycle-three-suspensions"),
    "EC14": differs(
        "Rule 7: what is no transition changes nothing and is a `redundant_transition` (accepted).",
        "metering/services/test_worked_lives.py::test_a_resume_after_the_end_changes_nothing_and_the_bill_run_works",
    ),
    "EC15": proven_by("scenario event-usage-after-end"),
    "EC16": proven_by("scenario lifecycle-stopped-ip-stays"),
    "EC17": proven_by("scenario lifecycle-transfer"),
    "EC18": proven_by("scenario event-hourly-row-missing"),
    "EC19": proven_by("scenario event-hourly-rows-overlap"),
    "EC20": proven_by("scenario lifecycle-cap-per-size"),
    "EC21": proven_by("scenario lifecycle-cap-per-size"),
    "EC22": proven_by("scenario lifecycle-disk-growth"),
    "EC23": not_offered(
        "Included units are for a charge's billing period (FORMAT.md, Price: `included`); no price model "
        "knows a commitment for each hour."
    ),
    "EC24": proven_by("scenario calendar-new-york-dst"),
    "EC25": proven_by(
        "scenario calendar-sydney-lord-howe",
        "catalogue/domain/test_periods.py::test_days_on_which_the_clock_is_set",
    ),
    "EC26": proven_by(
        "scenario calendar-berlin-clock-change",
        "catalogue/domain/test_periods.py::test_days_on_which_the_clock_is_set",
    ),
    "EC27": proven_by("scenario calendar-berlin-spring-night"),
    "EC28": proven_by(
        "scenario calendar-two-zones-one-company",
        "metering/services/test_worked_lives.py::test_an_account_opened_in_winter_pays_as_one_opened_in_summer",
    ),
    "EC29": proven_by("scenario calendar-event-on-the-border"),
    "EC30": proven_by("scenario calendar-kolkata-hourly-rows"),
    "EC31": proven_by("scenario document-second-run"),
    "EC32": proven_by(
        "metering/services/test_worked_lives.py::test_the_months_of_a_customer_who_moves_to_another_zone_tile"
    ),
    "EC33": proven_by("scenario calendar-two-zones-one-company"),
    "EC34": proven_by("scenario calendar-event-on-the-border"),
    "EC35": proven_by("scenario order-prorated-start"),
    "EC36": differs(
        "Rule 11: monthly cycles are calendar months; an order from the 31st is due with each month.",
        "metering/domain/test_order_cycles.py::test_a_month_in_arrears_is_due_when_it_ends",
    ),
    "EC37": not_offered("Rule 11 knows monthly and annual cycles; a quarter is three of the former."),
    "EC38": proven_by(
        "scenario order-annual-leap-day",
        "metering/domain/test_order_cycles.py::test_a_year_from_29_february_comes_back_to_it",
    ),
    "EC39": proven_by(
        "metering/domain/test_order_cycles.py::test_an_order_that_ends_is_due_at_its_end",
        "metering/domain/test_proration.py::test_fees",
    ),
    "EC40": proven_by(
        "scenario order-same-day-and-upgrade",
        "metering/domain/test_proration.py::test_parts_of_a_cycle_add_up_to_the_fee",
    ),
    "EC41": proven_by("metering/services/test_ordering.py::test_an_order_is_replaced_on_its_first_day"),
    "EC42": proven_by("scenario order-same-day-and-upgrade"),
    "EC43": proven_by("scenario price-revision-mid-month"),
    "EC44": proven_by("scenario late-graduated-usage"),
    "EC45": differs(
        "Rule 8: one line for each charge, with the difference of both: +40 and -12.70, not two lines.",
        "metering/services/test_worked_lives.py"
        "::test_late_units_of_a_volume_price_are_one_line_with_the_difference_of_both",
    ),
    "EC46": proven_by("scenario late-graduated-usage"),
    "EC47": proven_by("scenario price-tier-borders"),
    "EC48": proven_by("scenario price-package"),
    "EC49": proven_by("scenario price-scope"),
    "EC50": differs(
        "`scope`: over what quantities are summed before included, tiers, cap and minimum apply: a pool is "
        "one allowance of scope account, not the sum of allowances",
        "scenario price-scope",
    ),
    "EC51": differs(
        "`minimum`: least per billing period, never prorated; one true-up for each charge, however many "
        "records it has: 79.63 as asked, and 289.90 for half a month.",
        "scenario price-minimum",
        "metering/services/test_worked_lives.py::test_a_minimum_is_not_prorated",
    ),
    "EC52": proven_by(
        "catalogue/domain/test_price.py::test_a_commitment_with_a_factor_on_what_goes_beyond_it",
    ),
    "EC53": proven_by("scenario price-minimum"),
    "EC54": proven_by(
        "invoicing/services/test_bill_run_drafting.py"
        "::test_drafts_are_made_again_with_what_was_entered_since",
    ),
    "EC55": proven_by(
        "invoicing/services/test_bill_run_drafting.py"
        "::test_what_was_received_after_the_cut_off_is_on_no_draft_and_on_the_next_invoice",
    ),
    "EC56": proven_by("scenario late-after-four-months"),
    "EC57": proven_by("scenario order-monthly-in-advance"),
    "EC58": proven_by(
        "scenario event-duplicate-and-conflict",
        "metering/api/test_events.py::test_one_event_is_answered_by_itself",
    ),
    "EC59": proven_by(
        "scenario event-duplicate-and-conflict",
        "metering/api/test_events.py::test_one_event_is_answered_by_itself",
    ),
    "EC60": proven_by("scenario event-duplicate-and-conflict"),
    "EC61": proven_by(
        "metering/api/test_bad_events.py"
        "::test_of_500_with_one_bad_and_one_repeated_498_are_stored_and_again_none"
    ),
    "EC62": proven_by(
        "metering/services/test_concurrent_writers.py"
        "::test_a_crash_between_the_identity_and_the_event_leaves_nothing_and_the_retry_is_counted_once"
    ),
    "EC63": proven_by(
        "invoicing/services/test_bill_run_faults.py::test_two_runs_at_once_are_one",
        "invoicing/services/test_bill_run_faults.py::test_a_worker_that_loses_its_server_is_made_up_for",
    ),
    "EC64": proven_by(
        "invoicing/services/test_bill_runs.py"
        "::test_an_order_that_is_cancelled_while_its_run_is_queued_is_billed_once",
    ),
    "EC65": proven_by(
        "invoicing/services/test_bill_run_faults.py::test_two_runs_at_once_are_one",
        "invoicing/services/test_bill_runs.py::test_run_again_it_changes_nothing",
    ),
    "EC66": proven_by(
        "invoicing/services/test_credit_notes.py"
        "::test_of_two_credit_notes_of_60_at_once_on_an_invoice_of_100_exactly_one_wins",
        "scenario document-credit-refused",
    ),
    "EC67": proven_by(
        "invoicing/services/test_credit_notes.py::test_the_same_request_again_returns_what_stands"
    ),
    "EC68": proven_by(
        "metering/services/test_worked_lives.py::test_keys_come_from_the_sender_and_never_from_the_clock",
        "architecture/test_tree.py::test_the_tree_keeps",
    ),
    "EC69": proven_by(
        "invoicing/services/test_payments.py::test_the_same_payment_again_changes_nothing",
        "scenario payment-over",
    ),
    "EC70": proven_by(
        "invoicing/services/test_bill_run_faults.py::test_a_promotion_for_one_goes_to_one_whoever_drafts",
        "catalogue/services/test_promotions.py::test_five_invoices_use_a_promotion_for_one_at_once",
        "scenario promo-one-redemption",
    ),
    "EC71": proven_by(
        "metering/services/test_worked_lives.py::test_a_record_that_is_refused_as_known_moves_nothing"
    ),
    "EC72": proven_by(
        "invoicing/services/test_bill_run_drafting.py::test_one_account_that_breaks_is_parked_alone",
        "invoicing/services/test_bill_run_drafting.py"
        "::test_retried_it_gets_the_next_number_and_nothing_else_changes",
    ),
    "EC73": proven_by("scenario tax-on-the-sum"),
    "EC74": proven_by("scenario tax-two-taxes"),
    "EC75": proven_by("scenario tax-two-taxes"),
    "EC76": proven_by(
        "scenario document-credit-notes-remainder",
        "invoicing/domain/test_credits.py"
        "::test_credits_and_their_taxes_never_exceed_the_invoice_and_all_of_them_come_to_it",
    ),
    "EC77": proven_by("scenario tax-net-first"),
    "EC78": proven_by("scenario promo-two-tax-rates"),
    "EC79": proven_by(
        "scenario promo-hundred-percent",
        "journeys/test_quote_is_what_the_invoice_says.py::test_every_line_every_tax_and_the_cost",
    ),
    "EC80": proven_by("scenario money-jpy-lines"),
    "EC81": proven_by("scenario money-jpy-lines"),
    "EC82": proven_by("scenario tax-rounded-down"),
    "EC83": proven_by("scenario price-tiny-unit-price"),
    "EC84": proven_by("scenario money-kwd-three-decimals"),
    "EC85": proven_by("scenario money-large-amounts"),
    "EC86": proven_by("scenario price-tiny-unit-price"),
    "EC87": proven_by("scenario money-once-per-line"),
    "EC88": proven_by("metering/domain/test_proration.py::test_fees"),
    "EC89": proven_by(
        "catalogue/domain/test_rounding.py::test_equal_remainders_go_to_the_one_that_stands_first"
    ),
    "EC90": proven_by("scenario promo-hundred-percent"),
    "EC91": not_offered("prices are net; tax is added to the sum of a document, never taken out of a price"),
    "EC92": proven_by("scenario money-below-a-cent"),
    "EC93": proven_by(
        "invoicing/services/test_payments.py::test_paying_what_is_printed_leaves_no_cent",
    ),
    "EC94": proven_by("scenario margin-two-currencies"),
    "EC95": proven_by(
        "invoicing/services/test_bill_run_faults.py::test_four_workers_draft_one_run",
        "invoicing/selectors/test_number_report.py::test_a_bill_run_leaves_no_gap_in_either_series",
    ),
    "EC96": proven_by(
        "invoicing/services/test_bill_runs.py::test_the_run_is_asked_for_on_the_day_and_once",
        "scenario document-numbers-by-year",
    ),
    "EC97": proven_by(
        "scenario document-numbers-by-year",
    ),
    "EC98": proven_by(
        "invoicing/services/test_document_contents.py::"
        "test_a_customer_who_renames_changes_no_document_of_before",
        "invoicing/selectors/test_invoice_views.py::test_the_parties_are_those_of_the_day_of_issue",
    ),
    "EC99": proven_by("scenario payment-over"),
    "EC100": COLLECTION,
    "EC101": proven_by("scenario payment-no-guess"),
    "EC102": proven_by("scenario margin-two-books"),
    "EC103": proven_by("scenario margin-two-currencies"),
    "EC104": proven_by("scenario margin-free-allowance"),
    "EC105": proven_by(
        "reconciliation/selectors/test_margin_reports.py::test_a_corrected_cost_restates_the_month_and_keeps_what_was_closed",
    ),
    "EC106": proven_by(
        "reconciliation/services/test_edge_levels.py::test_an_hour_that_is_rated_and_not_invoiced"
    ),
    "EC107": proven_by(
        "scenario recon-finance-two-breaks",
        "reconciliation/services/test_finance_totals.py::test_compensating_days_are_two_differences",
    ),
    "EC108": proven_by(
        "reconciliation/services/test_edge_levels.py"
        "::test_a_cent_is_within_a_tolerance_of_one_and_a_euro_is_a_price"
    ),
    "EC109": COLLECTION,
    "EC110": differs(
        "Of the prices valid at an instant the one with the latest `valid_from` counts, then the one entered "
        "last: what a file overlaps in the book is a change; only two of its own lines must not overlap",
        "catalogue/services/test_price_import.py::test_an_overlap_late_in_a_file_applies_nothing",
    ),
    "EC111": differs(
        "8. An issued document never changes. What arrives late or is corrected afterwards becomes a "
        "correction: the difference is a line on the next invoice, without approval",
        "scenario late-price-correction",
    ),
    "EC112": proven_by(
        "invoicing/services/test_payments.py::test_two_payments_of_70_at_once_on_an_invoice_of_100_apply_100"
    ),
}
