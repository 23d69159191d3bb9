"""What could not be placed or priced, until its cause is gone."""

from django.db import models
from django.db.models import Q

from billing_site.common.base_models import AmountField


class EventException(models.Model):
    """One row is something that needs a person, or an event that has not come yet; it closes by itself.

    `key` names the cause (an event, or a resource and SKU), so that finding it again changes nothing.
    """

    class Kind(models.TextChoices):
        UNKNOWN_RESOURCE = "unknown_resource", "no such resource yet"
        UNKNOWN_ACCOUNT = "unknown_account", "no such account"
        UNKNOWN_SKU = "unknown_sku", "no such product"
        UNKNOWN_RECORD = "unknown_record", "the record it voids is not known"
        UNKNOWN_UNIT = "unknown_unit", "the product has no factor for the unit"
        NO_PRICE = "no_price", "no price in the account's currency"
        REDUNDANT_TRANSITION = "redundant_transition", "changes nothing"
        USAGE_AFTER_END = "usage_after_end", "usage after the resource's end"
        CONFLICT = "conflict", "same id, other content"
        OVERLAP = "overlap", "covers time already covered"
        GAP = "gap", "a hole between two records"
        PAST_KEEPING = "past_keeping", "of a month kept no longer"

    kind = models.CharField(max_length=25, choices=Kind)
    key = models.CharField(max_length=450)
    head_office_id = models.BigIntegerField()
    company_id = models.BigIntegerField(null=True, help_text="The sales office it belongs to, once known.")
    account_id = models.BigIntegerField(null=True)
    resource = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=200, blank=True)
    event_id = models.CharField(max_length=200, blank=True)
    sku = models.CharField(max_length=120, blank=True)
    month = models.DateField(null=True, help_text="Of no_price: the first billing month that found it.")
    gap_start = models.DateTimeField(null=True, help_text="Of a gap: the hole's first instant.")
    gap_end = models.DateTimeField(null=True, help_text="Of a gap: the first instant after it.")
    money_at_risk = AmountField(null=True, help_text="What it may come to; empty: that cannot be known.")
    currency = models.CharField(max_length=3, blank=True, db_default="", help_text="Of the money at risk.")
    estimated_at = models.DateTimeField(null=True, help_text="When the money at risk was estimated last.")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    dismissed_by = models.CharField(
        max_length=200, blank=True, db_default="", help_text="The person or API key that closed it by hand."
    )
    dismissed_because = models.TextField(
        blank=True, db_default="", help_text="Why nothing is to be done; found again, it stays closed."
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["head_office_id", "kind", "key"],
                condition=Q(closed_at=None) | ~Q(dismissed_because=""),
                name="exception_open_once",
            ),
            models.CheckConstraint(
                name="exception_dismissed_with_reason",
                condition=Q(dismissed_by="", dismissed_because="")
                | (~Q(dismissed_by="") & ~Q(dismissed_because="") & Q(closed_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["head_office_id", "resource"], name="exception_by_resource"),
            models.Index(
                fields=["estimated_at", "id"], condition=Q(closed_at=None), name="exception_to_estimate"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.resource or self.event_id}"

    @property
    def reason(self) -> str:
        """What is wrong and what closes it, in a sentence."""
        return _REASONS[EventException.Kind(self.kind)].format(
            event=f"{self.source} {self.event_id}",
            resource=self.resource,
            sku=self.sku,
            of_resource=f" of {self.resource}" if self.resource else "",
            hole=f" ({self.gap_start:{_MINUTE}} to {self.gap_end:{_MINUTE}} UTC)" if self.gap_start else "",
        )


# What a person may close by hand; the others hold back what would be billed until their cause is gone.
DISMISSIBLE_KINDS = (
    EventException.Kind.REDUNDANT_TRANSITION,
    EventException.Kind.USAGE_AFTER_END,
    EventException.Kind.CONFLICT,
    EventException.Kind.OVERLAP,
    EventException.Kind.GAP,
    EventException.Kind.UNKNOWN_RECORD,
    EventException.Kind.PAST_KEEPING,
)
# What is accepted and not billed for as long as it is open; the others are about what is billed.
UNBILLED_KINDS = (
    EventException.Kind.UNKNOWN_RESOURCE,
    EventException.Kind.UNKNOWN_ACCOUNT,
    EventException.Kind.UNKNOWN_SKU,
    EventException.Kind.UNKNOWN_UNIT,
    EventException.Kind.NO_PRICE,
    EventException.Kind.USAGE_AFTER_END,
    EventException.Kind.OVERLAP,
    EventException.Kind.PAST_KEEPING,
)
_Kind = EventException.Kind
_MINUTE = "%Y-%m-%d %H:%M"
_REASONS = {
    _Kind.UNKNOWN_RESOURCE: "Event {event} waits for the created event of resource {resource}.",
    _Kind.UNKNOWN_ACCOUNT: "Event {event} names an account that its sender does not have; create it.",
    _Kind.UNKNOWN_SKU: "Event {event} names SKU {sku}, which is no product; create the product.",
    _Kind.UNKNOWN_RECORD: "Event {event} voids a record that has not arrived; send it, or leave the void be.",
    _Kind.UNKNOWN_UNIT: "Event {event} has a unit that product {sku} has no factor for; add the factor.",
    _Kind.NO_PRICE: "{sku}{of_resource} has no price in the account's currency, or comes to more than an "
    "invoice can say; enter a price, or correct the quantity.",
    _Kind.REDUNDANT_TRANSITION: "Event {event} changes nothing: {resource} is in that state already.",
    _Kind.USAGE_AFTER_END: "Event {event} is usage at or after the end of {resource}; void one of them.",
    _Kind.CONFLICT: "Event {event} came again with other content; the first one stands. "
    "If the second is right, void or correct the first under a new id.",
    _Kind.OVERLAP: "Record {event} of {sku} covers time that another record covers; void one of them.",
    _Kind.PAST_KEEPING: "Event {event} is about a month whose records are kept no longer: what was billed "
    "for it stays as it is. Credit or charge by hand what is due, then dismiss this.",
    _Kind.GAP: "Between two records of {sku} {resource} was active without one{hole}; send what is missing.",
}
