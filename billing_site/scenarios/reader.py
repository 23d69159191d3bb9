"""Read scenario files: every key, type and reference is checked, and nothing is silently ignored."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from billing_site.common.errors import BillingError
from billing_site.scenarios.references import check_references
from billing_site.scenarios.scenario import Scenario
from billing_site.scenarios.strict_yaml import load
from billing_site.scenarios.values import read_value


class InvalidScenario(BillingError):
    """A file that is no scenario; the sentence names the file and the key."""

    code = "invalid_scenario"


def scenario_files(paths: Iterable[Path]) -> list[Path]:
    """Return the files, and the scenario files of the folders, each once. Raises InvalidScenario."""
    files: dict[Path, Path] = {}
    for path in paths:
        found = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
        if not found:
            raise InvalidScenario(f"{path} holds no scenario: its files must end in .yaml.")
        files |= {file.resolve(): file for file in found}
    return list(files.values())


def read_scenario(path: Path) -> Scenario:
    """Read a file. Raises InvalidScenario."""
    try:
        scenario = msgspec.convert(load(path), Scenario, dec_hook=read_value)
        if scenario.scenario != path.stem:
            raise ValueError(f"scenario: {scenario.scenario!r} is not the file's name")
        check_references(scenario)
    except msgspec.ValidationError as error:
        raise InvalidScenario(f"{path.name}: {_with_key(str(error))}") from error
    except FileNotFoundError:
        raise InvalidScenario(f"{path}: there is no such file.") from None
    except (ValueError, OSError) as error:
        raise InvalidScenario(f"{path.name}: {error}") from error
    return scenario


def _with_key(error: str) -> str:
    """Turn msgspec's "problem - at `$.inner` - at `$.outer[3]`" into "outer[3].inner: problem"."""
    problem, *places = error.split(" - at `$")
    key = "".join(place.rstrip("`") for place in reversed(places)).lstrip(".")
    hint = " (quote it: YAML takes NO and ON for a truth value)" if "got `bool`" in problem else ""
    return f"{key}: {problem}{hint}" if key else problem + hint
