"""What a person should know about a price file, kept in the order of its lines."""

from collections.abc import Iterable
from dataclasses import dataclass

from catalogue.models import ImportFinding, PriceImport

# A file that is wrong in every line does not need a hundred thousand sentences.
MOST_FINDINGS_OF_A_KIND = 1000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know: where (no line: the file as a whole), a stable code, and a sentence."""

    code: str
    sentence: str
    line: int | None = None
    column: str = ""
    severity: str = ImportFinding.Severity.ERROR


class Findings:
    """Collects findings while a file is read, no more than a thousand of a kind."""

    def __init__(self) -> None:
        self._findings: list[Finding] = []
        self._of_a_kind: dict[str, int] = {}

    def __bool__(self) -> bool:
        return bool(self._findings)

    def add(self, finding: Finding) -> None:
        """Keep a finding, unless there are enough of its kind."""
        seen = self._of_a_kind.get(finding.code, 0)
        self._of_a_kind[finding.code] = seen + 1
        if seen < MOST_FINDINGS_OF_A_KIND:
            self._findings.append(finding)

    def store(self, price_import: PriceImport) -> None:
        """Write what was collected."""
        store_findings(price_import, self._findings)


def store_findings(price_import: PriceImport, findings: Iterable[Finding]) -> None:
    """Write findings of an import."""
    ImportFinding.objects.bulk_create(
        ImportFinding(
            price_import=price_import,
            severity=finding.severity,
            line=finding.line,
            column=finding.column[:120],
            code=finding.code,
            sentence=finding.sentence,
        )
        for finding in findings
    )
