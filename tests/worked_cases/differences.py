"""The rows of cases.jsonl that do not run, each with what FORMAT.md says instead, or NOT_OFFERED."""

NOT_OFFERED = "not offered"

CALENDAR_MONTHS = "Monthly cycles are calendar months"
FROM_THE_START = "annual ones run from `start` to the same day of later years"
MONTHLY_OR_ANNUAL = "`cycle`: `monthly` or `annual`"
WHOLE_PERIOD = "days of the whole period (the calendar month, or the cycle of an annual order)"
ONCE_ENTERED = "due once the tier is entered"
LOWER_IS_OUTSIDE = "tiers are (lower, upper] over decimals"
ONE_TOTAL = "the tier that the total falls in"
ONLY_WITH_A_CHARGE = "only where there is a charge"
DISCOUNT_AFTER_THE_LINE = "percent of the sum of the rounded lines"
FEE_FOR_EVERY_RECORD = "q x percent / 100 + records x fixed_fee"
CAP_OF_A_PERIOD = "`cap` (most per billing period)"
MINIMUM_OF_A_PERIOD = "`minimum` (least per billing period"

DIFFERENCES = {
    "S-attribute_rating-01": NOT_OFFERED,
    "S-attribute_rating-02": NOT_OFFERED,
    "S-attribute_rating-03": NOT_OFFERED,
    "S-attribute_rating-04": NOT_OFFERED,
    "S-attribute_rating-05": NOT_OFFERED,
    "S-billing_cycles_in_advance-01": FROM_THE_START,
    "S-billing_cycles_in_advance-02": FROM_THE_START,
    "S-billing_cycles_in_advance-03": FROM_THE_START,
    "S-billing_cycles_in_advance-04": FROM_THE_START,
    "S-billing_cycles_in_advance-05": FROM_THE_START,
    "S-billing_cycles_in_advance-06": FROM_THE_START,
    "S-billing_cycles_in_advance-07": FROM_THE_START,
    "S-billing_cycles_in_advance-08": FROM_THE_START,
    "S-billing_cycles_in_advance-09": FROM_THE_START,
    "S-billing_cycles_in_advance-11": CALENDAR_MONTHS,
    "S-billing_cycles_in_advance-12": CALENDAR_MONTHS,
    "S-billing_cycles_in_advance-13": CALENDAR_MONTHS,
    "S-billing_cycles_in_advance-14": CALENDAR_MONTHS,
    "S-billing_cycles_in_advance-15": CALENDAR_MONTHS,
    "S-billing_cycles_in_advance-16": CALENDAR_MONTHS,
    "S-billing_cycles_in_advance-17": CALENDAR_MONTHS,
    "S-billing_cycles_in_advance-18": CALENDAR_MONTHS,
    "S-billing_cycles_in_advance-19": CALENDAR_MONTHS,
    "S-billing_cycles_in_advance-20": CALENDAR_MONTHS,
    "S-billing_cycles_in_advance-21": CALENDAR_MONTHS,
    "S-billing_cycles_in_advance-22": MONTHLY_OR_ANNUAL,
    "S-billing_cycles_in_advance-23": MONTHLY_OR_ANNUAL,
    "S-billing_cycles_in_advance-24": MONTHLY_OR_ANNUAL,
    "S-billing_cycles_in_advance-25": MONTHLY_OR_ANNUAL,
    "S-billing_cycles_in_advance-26": MONTHLY_OR_ANNUAL,
    "S-billing_cycles_in_advance-27": MONTHLY_OR_ANNUAL,
    # blocks of several sizes in one price; the other rows have blocks of one unit, or one size
    "S-block_tiers-02": NOT_OFFERED,
    "S-block_tiers-03": NOT_OFFERED,
    "S-block_tiers-04": NOT_OFFERED,
    "S-capacity_tiers-01": NOT_OFFERED,
    "S-capacity_tiers-02": NOT_OFFERED,
    "S-capacity_tiers-03": NOT_OFFERED,
    "S-capacity_tiers-04": NOT_OFFERED,
    # at quantity 0 the first tier's fee is not due
    "S-graduated-08": ONCE_ENTERED,
    "S-graduated_percentage-01": ONCE_ENTERED,
    "S-graduated_prorated-01": NOT_OFFERED,
    "S-graduated_prorated-02": NOT_OFFERED,
    "S-graduated_prorated-03": NOT_OFFERED,
    "S-graduated_prorated-04": NOT_OFFERED,
    "S-graduated_prorated-05": NOT_OFFERED,
    "S-graduated_prorated-06": NOT_OFFERED,
    "S-included_units_prorated-01": NOT_OFFERED,
    "S-min_max_spend-01": ONLY_WITH_A_CHARGE,
    "S-min_max_spend-03": ONLY_WITH_A_CHARGE,
    "S-min_max_spend-06": ONLY_WITH_A_CHARGE,
    # an invoice in the middle of a period
    "S-min_max_spend-07": NOT_OFFERED,
    "S-min_max_spend-09": DISCOUNT_AFTER_THE_LINE,
    "S-percentage-01": FEE_FOR_EVERY_RECORD,
    "S-percentage-03": FEE_FOR_EVERY_RECORD,
    "S-percentage-05": FEE_FOR_EVERY_RECORD,
    "S-percentage-07": CAP_OF_A_PERIOD,
    "S-percentage-08": CAP_OF_A_PERIOD,
    "S-percentage-09": CAP_OF_A_PERIOD,
    "S-percentage-10": CAP_OF_A_PERIOD,
    "S-percentage-12": CAP_OF_A_PERIOD,
    "S-percentage-13": MINIMUM_OF_A_PERIOD,
    "S-period_share-01": WHOLE_PERIOD,
    "S-period_share-02": WHOLE_PERIOD,
    "S-period_share-04": WHOLE_PERIOD,
    "S-period_share-06": WHOLE_PERIOD,
    # a period of 30 days in a month of 31
    "S-plan_change-01": WHOLE_PERIOD,
    "S-plan_change-02": WHOLE_PERIOD,
    "S-plan_change-03": WHOLE_PERIOD,
    "S-plan_change-04": WHOLE_PERIOD,
    # trials
    "S-subscription_days-02": NOT_OFFERED,
    "S-subscription_days-03": NOT_OFFERED,
    "S-subscription_days-04": NOT_OFFERED,
    "S-subscription_days-05": NOT_OFFERED,
    # weeks
    "S-subscription_days-07": WHOLE_PERIOD,
    "S-threshold_price-01": NOT_OFFERED,
    "S-threshold_price-02": NOT_OFFERED,
    # rounding of the converted quantity
    "S-unit_conversion-01": NOT_OFFERED,
    "S-unit_conversion-02": NOT_OFFERED,
    "S-volume-04": ONE_TOTAL,
    # 0 is not in the first tier
    "S-volume-07": LOWER_IS_OUTSIDE,
}
