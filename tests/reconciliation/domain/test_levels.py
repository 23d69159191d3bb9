from pathlib import Path

from reconciliation.domain.levels import LEVELS
from reconciliation.models import ReconciliationRun

APP = Path(__file__).parents[3] / "reconciliation"


def test_every_level_has_a_name_and_a_statement():
    assert list(LEVELS) == ReconciliationRun.Level.values
    assert [name for name in LEVELS if not (APP / "sql" / f"compare_{name}.sql").is_file()] == []


def test_the_readme_has_the_same_table():
    readme = (APP / "README.md").read_text()
    rows = [
        f"| `{name}` | {level.left} | {level.right} | {level.key} | {level.measure} "
        f"| {'days' if level.days else 'months'} |"
        for name, level in LEVELS.items()
    ]
    assert [row for row in rows if row not in readme] == []
