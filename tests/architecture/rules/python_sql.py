"""SQL lives in files: Python names a statement and gives its parameters."""

import re
from collections.abc import Iterator

from tests.architecture.rules.names import texts
from tests.architecture.sources import LINE, Source

_STATEMENT = re.compile(
    r"\s*(?:(?:SELECT|WITH|CREATE|DROP|ALTER|TRUNCATE|COPY|ANALYZE|LOCK|SET)\s+[\w{(%'\"*]"
    r"|(?i:select\s.+\sfrom\s|insert\s+into\s|update\s.+\sset\s|delete\s+from\s|merge\s+into\s))",
    re.DOTALL,
)
# What concerns the session and not the data.
_SESSION = re.compile(
    r"SELECT 1$|SELECT pg_(try_)?advisory_|SET (LOCAL|CONSTRAINTS) |ANALYZE \w+$"
    r"|COPY [\w{} (),]+ FROM STDIN( \(FORMAT csv\))?$"
    r"|COPY \(\{\}\) TO STDOUT \(FORMAT csv\)$"
)
# They make, fill and drop databases of their own.
_OF_THEIR_OWN = ("billing_site/local/", "billing_site/scenarios/databases.py", "billing_site/bench/")


def no_sql_in_python(source: Source) -> Iterator[tuple[int, str]]:
    """Triggers are declared beside their model, and functions by a migration."""
    if not source.is_python or source.app not in LINE or source.layer == "models":
        return
    if str(source.path).startswith(_OF_THEIR_OWN):
        return
    for line, text in texts(source.tree):
        if _STATEMENT.match(text) and not _SESSION.match(text):
            yield line, f"{text.split()[0]} ... is a statement: put it into {source.app}/sql/."
