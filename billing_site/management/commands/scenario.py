"""Run worked billing scenarios, each against a fresh database of its own."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.utils import DatabaseError

from billing_site.scenarios.databases import scenario_databases
from billing_site.scenarios.reader import InvalidScenario, scenario_files
from billing_site.scenarios.runner import run_file


class Command(BaseCommand):
    help = "Run scenario files, and all scenarios of folders; the data of this installation are not touched."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="FILE_OR_FOLDER")

    def handle(self, *, paths: list[Path], **_: object) -> None:
        try:
            files = scenario_files(paths)
            with scenario_databases() as databases:
                outcomes = []
                for file in files:
                    outcomes.append(run_file(file, databases))
                    self.stdout.write("\n".join(outcomes[-1].lines()))
        except InvalidScenario as refusal:
            raise CommandError(refusal.sentence) from refusal
        except DatabaseError as trouble:
            raise CommandError(
                f"The server refuses a database for scenarios; its role needs CREATEDB. It says: {trouble}"
            ) from trouble
        except KeyboardInterrupt:
            raise CommandError(
                "Stopped; the databases of the scenarios are dropped.", returncode=130
            ) from None
        passed = sum(outcome.passed for outcome in outcomes)
        self.stdout.write(f"{passed} passed, {len(outcomes) - passed} failed")
        if passed < len(outcomes):
            raise SystemExit(1)
