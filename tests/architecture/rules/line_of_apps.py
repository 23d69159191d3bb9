"""What import-linter cannot see: an app that names a higher one in a string."""

from collections.abc import Iterator

from tests.architecture.rules.names import texts
from tests.architecture.sources import APPS, Source


def no_higher_app_by_name(source: Source) -> Iterator[tuple[int, str]]:
    """A model ("invoicing.Invoice"), a task, a table or a permission of a higher app; in migrations, too."""
    if source.app not in APPS or source.path.suffix != ".py":
        return
    for line, text in texts(source.tree):
        for app in source.higher_apps:
            if app != "billing_site" and (text == app or f"{app}." in text or f"{app}_" in text):
                yield line, f"{text[:60]!r} names {app}, which {source.app} does not know."
