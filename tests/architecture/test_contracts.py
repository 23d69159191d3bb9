"""import-linter finds what is planted: in a copy of the tree, with the contracts of pyproject.toml."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import LINE, ROOT

# The contract that must break, and the files that break it with a line that each gets.
PLANTED: list[tuple[str, dict[str, str]]] = [
    ("line-of-apps", {"catalogue/services/planted.py": "import metering.models"}),
    ("line-of-apps", {"metering/selectors/planted.py": "from invoicing.models import Invoice"}),
    ("line-of-apps", {"invoicing/models/planted.py": "import reconciliation.domain.margin"}),
    ("layers", {"metering/models/planted.py": "import metering.services.rating"}),
    ("layers", {"catalogue/domain/planted.py": "import catalogue.models"}),
    ("layers", {"invoicing/tasks.py": "import invoicing.api.invoices"}),
    ("layers", {"catalogue/a_layer_of_its_own.py": ""}),
    ("layers-across-apps", {"invoicing/selectors/planted.py": "import metering.services.rating"}),
    ("private-entry-points", {"invoicing/services/planted.py": "import metering.api.events"}),
    ("private-entry-points", {"invoicing/api/planted.py": "import catalogue.api.prices"}),
    ("pure-domains", {"metering/domain/planted.py": "from django.db import models"}),
    ("pure-domains", {"invoicing/domain/planted.py": "import catalogue.models"}),
    ("pure-domains", {"reconciliation/domain/planted.py": "import time"}),
    ("independent-rater", {"reconciliation/shadow/planted.py": "from metering.models import Charge"}),
    ("independent-rater", {"reconciliation/shadow/planted.py": "import catalogue.domain.rounding"}),
    ("common", {"billing_site/common/planted.py": "import catalogue.domain.money"}),
    ("common", {"billing_site/common/planted.py": "import billing_site.schedule"}),
    ("site-on-top", {"metering/services/planted.py": "import billing_site.schedule"}),
    ("settings-start-nothing", {"billing_site/settings/planted.py": "import billing_site.local.servers"}),
    ("local-before-django", {"billing_site/local/planted.py": "import django"}),
    (
        "acyclic",
        {
            "catalogue/selectors/api_keys.py": "import catalogue.selectors.planted",
            "catalogue/selectors/planted.py": "import catalogue.selectors.api_keys",
        },
    ),
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tree = tmp_path_factory.mktemp("tree")
    shutil.copy(ROOT / "pyproject.toml", tree)
    for package in LINE:
        for module in (ROOT / package).rglob("*.py"):
            target = tree / module.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(module, target)
    return tree


def lint(tree: Path, *options: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [program, *options], cwd=tree, capture_output=True, text=True, timeout=120, check=False
    )


def test_the_copy_keeps_every_contract(copy: Path) -> None:
    result = lint(copy)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(("contract", "planted"), PLANTED)
def test_what_is_planted_breaks_the_contract(copy: Path, contract: str, planted: dict[str, str]) -> None:
    before = {name: (copy / name).read_text() for name in planted if (copy / name).exists()}
    for name, line in planted.items():
        (copy / name).write_text(f"{before.get(name, '')}\n{line}\n")
    try:
        result = lint(copy, "--contract", contract)
    finally:
        for name in planted:
            (copy / name).unlink()
        for name, text in before.items():
            (copy / name).write_text(text)
    assert result.returncode == 1 and "BROKEN" in result.stdout, result.stdout + result.stderr
