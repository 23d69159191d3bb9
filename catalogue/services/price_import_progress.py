"""How far the job of a price file is, for whoever watches it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

from billing_site.common.sql import statement
from catalogue.models import PriceImport


@contextmanager
def progress_of(price_import: PriceImport) -> Iterator[Callable[[str, float], None]]:
    """Give a listener that writes each step and percent where others see it at once.

    It has a connection of its own: what the job itself writes shows only when it is done.
    """
    beside = connection.copy()
    written: list[tuple[str, int]] = []

    def told(step: str, fraction: float) -> None:
        now = (step, int(100 * fraction))
        if written[-1:] == [now]:
            return
        written[:] = [now]
        with beside.cursor() as cursor:
            cursor.execute(
                statement("catalogue", "price_import_progress"),
                {"price_import": price_import.pk, "step": now[0], "percent_done": now[1]},
            )

    try:
        yield told
    finally:
        beside.close()
