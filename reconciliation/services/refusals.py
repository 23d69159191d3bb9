"""What is wrong with a table of another system: all of it at once, and nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from billing_site.common.errors import BillingError

MOST_FINDINGS = 1000


@dataclass(frozen=True, slots=True)
class WrongLine:
    """What is wrong with a cell of a line (the heading is 1), with all of it, or with the file (0)."""

    line: int
    column: str
    sentence: str

    @property
    def where(self) -> str:
        """The place, for people."""
        place = f"line {self.line}" if self.line else "the file"
        return f"{place}, {self.column}" if self.column else place

    def __str__(self) -> str:
        return f"{self.where}: {self.sentence}"


class TableRefused(BillingError):
    """A table that cannot be taken in as it is; nothing of it was stored."""

    code = "table_refused"

    def __init__(self, findings: Sequence[WrongLine]) -> None:
        first = sorted(findings, key=lambda finding: finding.line)[:MOST_FINDINGS]
        more = f" There are {len(first) - 1} more." if len(first) > 1 else ""
        super().__init__(f"{first[0]}{more}")
        self.findings = first
