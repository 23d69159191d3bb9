from io import StringIO

import pytest
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.usefixtures("databases")


def run(*paths):
    out = StringIO()
    code: str | int | None = 0
    try:
        call_command("scenario", *map(str, paths), stdout=out)
    except SystemExit as end:
        code = end.code
    return code, out.getvalue().splitlines()


def test_one_line_a_scenario_and_the_sum(write_story):
    assert run(write_story()) == (0, ["ok   story", "1 passed, 0 failed"])


def test_one_that_fails_gives_the_exit_code_and_does_not_stop_the_others(write_story, tmp_path):
    (tmp_path / "empty.yaml").write_text("scenario: empty\n")
    write_story()

    code, lines = run(tmp_path)

    assert code == 1
    assert lines == [
        "FAIL empty: empty.yaml: Object missing required field `title`",
        "ok   story",
        "1 passed, 1 failed",
    ]


def test_a_folder_without_scenarios(tmp_path):
    with pytest.raises(CommandError, match="holds no scenario"):
        run(tmp_path)
