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


METERING = open_until("metering and rating")
INVOICING = open_until("invoicing")
RECONCILIATION = open_until("reconciliation")
COLLECTION = open_until("collection")

EDGE_CASES: dict[str, Answer] = {
    "EC1": METERING,
    "EC2": METERING,
    "EC3": METERING,
    "EC4": METERING,
    "EC5": METERING,
    "EC6": METERING,
    "EC7": METERING,
    "EC8": METERING,
    "EC9": METERING,
    "EC10": METERING,
    "EC11": METERING,
    "EC12": METERING,
    "EC13": METERING,
    "EC14": METERING,
    "EC15": METERING,
    "EC16": METERING,
    "EC17": METERING,
    "EC18": METERING,
    "EC19": METERING,
    "EC20": METERING,
    "EC21": METERING,
    "EC22": METERING,
    "EC23": METERING,
    "EC24": METERING,
    "EC25": METERING,
    "EC26": METERING,
    "EC27": METERING,
    "EC28": METERING,
    "EC29": METERING,
    "EC30": METERING,
    "EC31": METERING,
    "EC32": METERING,
    "EC33": METERING,
    "EC34": METERING,
    "EC35": INVOICING,
    "EC36": INVOICING,
    "EC37": INVOICING,
    "EC38": INVOICING,
    "EC39": INVOICING,
    "EC40": INVOICING,
    "EC41": INVOICING,
    "EC42": INVOICING,
    "EC43": METERING,
    "EC44": METERING,
    "EC45": METERING,
    "EC46": METERING,
    "EC47": proven_by("scenario price-tier-borders"),
    "EC48": proven_by("scenario price-package"),
    "EC49": proven_by("scenario price-scope"),
    "EC50": differs(
        "`scope`: over what quantities are summed before included, tiers, cap and minimum apply: a pool is "
        "one allowance of scope account, not the sum of allowances",
        "scenario price-scope",
    ),
    "EC51": INVOICING,
    "EC52": INVOICING,
    "EC53": INVOICING,
    "EC54": INVOICING,
    "EC55": INVOICING,
    "EC56": INVOICING,
    "EC57": INVOICING,
    "EC58": METERING,
    "EC59": METERING,
    "EC60": METERING,
    "EC61": METERING,
    "EC62": METERING,
    "EC63": INVOICING,
    "EC64": INVOICING,
    "EC65": INVOICING,
    "EC66": INVOICING,
    "EC67": INVOICING,
    "EC68": INVOICING,
    "EC69": INVOICING,
    "EC70": INVOICING,
    "EC71": METERING,
    "EC72": INVOICING,
    "EC73": INVOICING,
    "EC74": INVOICING,
    "EC75": INVOICING,
    "EC76": INVOICING,
    "EC77": INVOICING,
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
    "EC92": INVOICING,
    "EC93": INVOICING,
    "EC94": RECONCILIATION,
    "EC95": INVOICING,
    "EC96": INVOICING,
    "EC97": INVOICING,
    "EC98": INVOICING,
    "EC99": COLLECTION,
    "EC100": COLLECTION,
    "EC101": COLLECTION,
    "EC102": RECONCILIATION,
    "EC103": RECONCILIATION,
    "EC104": RECONCILIATION,
    "EC105": RECONCILIATION,
    "EC106": RECONCILIATION,
    "EC107": RECONCILIATION,
    "EC108": RECONCILIATION,
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
    "EC112": COLLECTION,
}
