"""Only entry points read the wall clock; everything below is told the instant."""

import re
from collections.abc import Iterator

from tests.architecture.rules.names import references
from tests.architecture.rules.sql_words import words
from tests.architecture.sources import APPS, ENTRY_POINTS, LINE, Source

_CLOCKS = {
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
    "django.utils.timezone.now",
    "django.utils.timezone.localdate",
    "django.utils.timezone.localtime",
    "django.db.models.functions.Now",
    "billing_site.common.clock.now",
}
# An id holds the millisecond of its making, so that pages of an index fill in order; no rule reads it.
_MAY_READ_IT = ("billing_site/common/clock.py", "billing_site/common/base_models.py")
_SQL_CLOCKS = {
    "NOW",
    "CLOCK_TIMESTAMP",
    "STATEMENT_TIMESTAMP",
    "TRANSACTION_TIMESTAMP",
    "TIMEOFDAY",
    "CURRENT_TIMESTAMP",
    "CURRENT_DATE",
    "CURRENT_TIME",
    "LOCALTIMESTAMP",
    "LOCALTIME",
}


def no_wall_clock(source: Source) -> Iterator[tuple[int, str]]:
    """Apps but for their entry points, the bottom layer, and stories, which play in a time of their own."""
    told = (source.app in APPS and source.layer not in ENTRY_POINTS) or (
        source.app == "billing_site" and source.layer in ("common", "scenarios")
    )
    if not source.is_python or not told or str(source.path) in _MAY_READ_IT:
        return
    for line, name in references(source.tree):
        if name in _CLOCKS:
            yield line, f"{name} reads the wall clock: take the instant as an argument."
    for line, text in enumerate(source.text.splitlines(), 1):
        if re.search(r"\bauto_now(_add)?\s*=", text):
            yield line, "auto_now reads the wall clock: the service sets the instant."


def no_wall_clock_in_sql(source: Source) -> Iterator[tuple[int, str]]:
    if not source.is_statement or source.app not in LINE:
        return
    for line, word in words(source.text):
        if word.upper() in _SQL_CLOCKS:
            yield line, f"{word} reads the clock of the server: take the instant as a parameter."
