"""Price files: what was uploaded, what it would change, who approved it, when it took effect."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from catalogue.models.companies import Company


class PriceImport(models.Model):
    """One row is an uploaded price file and what became of it."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", "waiting to be checked"
        REFUSED = "refused", "refused: it has errors"
        CHECKED = "checked", "checked"
        APPROVED = "approved", "approved"
        DECLINED = "declined", "declined"
        PUBLISHING = "publishing", "waiting to be published"
        PUBLISHED = "published", "published"
        REVERTING = "reverting", "waiting to be reverted"
        REVERTED = "reverted", "reverted"

    class Layout(models.TextChoices):
        WIDE = "wide", "wide: one line a product"
        LONG = "long", "long: one line a price"

    company = models.ForeignKey(
        Company, models.PROTECT, related_name="price_imports", help_text="Whose file it is."
    )
    file_name = models.CharField(max_length=250)
    file = models.FileField(upload_to="price_files/%Y/%m", max_length=250, blank=True)
    layout = models.CharField(max_length=10, choices=Layout, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.UPLOADED)
    effective = models.CharField(
        max_length=40, help_text="A date (local midnight of each company) or an instant with a zone."
    )
    jump_percent = models.DecimalField(max_digits=9, decimal_places=2)
    needs_approval = models.BooleanField()
    problem = models.TextField(blank=True, help_text="Why the last step was not taken.")

    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    uploaded_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    reverted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reverted_at = models.DateTimeField(null=True, blank=True)

    lines_read = models.PositiveIntegerField(default=0)
    lines_new = models.PositiveIntegerField(default=0)
    lines_changed = models.PositiveIntegerField(default=0)
    lines_unchanged = models.PositiveIntegerField(default=0)
    lines_withdrawn = models.PositiveIntegerField(default=0)
    prices_new = models.PositiveIntegerField(default=0)
    prices_changed = models.PositiveIntegerField(default=0)
    prices_unchanged = models.PositiveIntegerField(default=0)
    prices_withdrawn = models.PositiveIntegerField(default=0)
    errors = models.PositiveIntegerField(default=0)
    warnings = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-id"]
        permissions = [
            ("approve_priceimport", "Can approve price files of others"),
            ("publish_priceimport", "Can publish price files and revert them"),
        ]
        verbose_name = "price file"
        constraints = [
            models.CheckConstraint(
                name="price_import_approved_by_a_second_person",
                condition=Q(approved_by=None) | Q(uploaded_by=None) | ~Q(approved_by=models.F("uploaded_by")),
            ),
            models.CheckConstraint(
                name="price_import_published_has_an_instant",
                condition=~Q(state__in=["published", "reverting", "reverted"])
                | Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="price_import_with_errors_is_not_published",
                condition=Q(errors=0) | Q(state__in=["uploaded", "refused", "declined"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.pk})"


class PriceImportProgress(models.Model):
    """One row says how far the job of an import is. It is written beside the job's transaction, not in it."""

    price_import = models.OneToOneField(
        PriceImport, models.CASCADE, primary_key=True, related_name="progress", db_constraint=False
    )
    step = models.CharField(max_length=80)
    percent_done = models.PositiveSmallIntegerField()


class ImportFinding(models.Model):
    """One row is something a person should know about a line of a price file."""

    class Severity(models.TextChoices):
        ERROR = "error", "error"
        WARNING = "warning", "warning"
        NOTICE = "notice", "notice"

    price_import = models.ForeignKey(PriceImport, models.CASCADE, related_name="findings")
    severity = models.CharField(max_length=10, choices=Severity)
    line = models.PositiveIntegerField(null=True, help_text="Empty: the file as a whole.")
    column = models.CharField(max_length=120, blank=True)
    code = models.SlugField(max_length=60, help_text="Stable, for programs.")
    sentence = models.TextField()

    class Meta:
        ordering = ["price_import", "line", "id"]

    def __str__(self) -> str:
        where = f"line {self.line}" if self.line else "the file"
        return (
            f"{where}, column {self.column}: {self.sentence}" if self.column else f"{where}: {self.sentence}"
        )
