"""How a story ended: every expectation with its differences, or why it could not be told to its end."""

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Check:
    """One expectation, by its place in the file; no differences: it holds."""

    where: str
    differences: list[str]


@dataclass(slots=True)
class Outcome:
    """One scenario's result; `trouble` says why it stopped before its end."""

    slug: str
    checks: list[Check] = field(default_factory=list)
    trouble: str = ""

    @property
    def passed(self) -> bool:
        return not self.trouble and not any(check.differences for check in self.checks)

    def lines(self) -> Iterator[str]:
        """Yield the scenario's line, and for a failure every expectation that does not hold below it."""
        if self.passed:
            yield f"ok   {self.slug}"
            return
        failed = [check for check in self.checks if check.differences]
        summary = f"{len(failed)} of {len(self.checks)} expectations do not hold" if failed else ""
        yield f"FAIL {self.slug}: {'; '.join(filter(None, [self.trouble, summary]))}"
        for check in failed:
            for difference in check.differences:
                yield f"       {check.where}: {difference}"
