"""The change feed of accounts: an outbox that triggers fill, and one hand numbers."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models

from catalogue.models.accounts import Account
from catalogue.models.companies import Company
from catalogue.models.contacts import Contact
from catalogue.models.tax_treatments import TaxTreatment


class AccountChange(models.Model):
    """One row says that a statement opened an account or changed it, its contacts or tax treatments.

    `position` is the row's place in the feed. It is given after the commit, by one hand at a time
    (number_account_changes): the id is taken before the commit, and a transaction that commits late would
    put its rows behind a reader who has already gone past.
    """

    class Kind(models.TextChoices):
        CREATED = "created", "created"
        CHANGED = "changed", "changed"

    account = models.ForeignKey(Account, models.CASCADE, related_name="changes")
    company = models.ForeignKey(Company, models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind)
    fields = ArrayField(models.TextField(), help_text="The columns that changed, contacts or tax_treatments.")
    changed_at = models.DateTimeField()
    position = models.PositiveBigIntegerField(null=True, unique=True)

    class Meta:
        ordering = ["position", "id"]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(position=None), name="account_change_not_numbered")
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.kind}"


def _tell(operation: pgtrigger.Operation, changes: str, **rows: str) -> pgtrigger.Trigger:
    """A trigger that notes what a query finds among the rows of a statement (named by `old` and `new`)."""
    return pgtrigger.Trigger(
        name=f"tell_{operation}".lower(),
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(**rows),
        func=f"""
            INSERT INTO catalogue_accountchange (account_id, company_id, kind, fields, changed_at)
            {changes}
            RETURN NULL;
        """,
    )


_OPENED = """
    SELECT id, company_id, 'created', '{}', clock_timestamp() FROM new_rows ORDER BY id;
"""
_CHANGED = """
    SELECT
        new_row.id,
        new_row.company_id,
        'changed',
        (
            SELECT array_agg(field.key ORDER BY field.key)
            FROM jsonb_each(to_jsonb(new_row)) AS field
            WHERE field.value IS DISTINCT FROM to_jsonb(old_row) -> field.key
        ),
        clock_timestamp()
    FROM new_rows AS new_row
    JOIN old_rows AS old_row ON old_row.id = new_row.id
    WHERE new_row IS DISTINCT FROM old_row
    ORDER BY new_row.id;
"""
_PARTS = """
    SELECT id, company_id, 'changed', '{{{parts}}}', clock_timestamp()
    FROM catalogue_account
    WHERE id IN ({accounts})
    ORDER BY id;
"""
_OF_CHANGED_PARTS = """
    SELECT new_row.account_id FROM new_rows AS new_row
    JOIN old_rows AS old_row ON old_row.id = new_row.id
    WHERE new_row IS DISTINCT FROM old_row
"""

pgtrigger.register(
    _tell(pgtrigger.Insert, _OPENED, new="new_rows"),
    _tell(pgtrigger.Update, _CHANGED, old="old_rows", new="new_rows"),
)(Account)
for part, name in ((Contact, "contacts"), (TaxTreatment, "tax_treatments")):
    pgtrigger.register(
        *(
            _tell(operation, _PARTS.format(parts=name, accounts=accounts), **rows)
            for operation, accounts, rows in (
                (pgtrigger.Insert, "SELECT account_id FROM new_rows", {"new": "new_rows"}),
                (pgtrigger.Update, _OF_CHANGED_PARTS, {"old": "old_rows", "new": "new_rows"}),
                (pgtrigger.Delete, "SELECT account_id FROM old_rows", {"old": "old_rows"}),
            )
        )
    )(part)
