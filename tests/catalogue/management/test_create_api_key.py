from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from catalogue.selectors.api_keys import api_key_of
from tests.factories.invoices import account, company

pytestmark = pytest.mark.django_db


def run(*arguments):
    out, err = StringIO(), StringIO()
    call_command("create_api_key", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_only_the_key_goes_to_standard_output():
    buyer = account(of=company())
    out, err = run(
        "reports",
        "--company=DE",
        f"--account={buyer.code}",
        "--scope=billing:read",
        "--expires-at=2030-01-01T00:00:00Z",
    )
    key = api_key_of(out.strip(), at=datetime(2026, 1, 1, tzinfo=UTC))
    assert (key.account, key.scopes, key.expires_at) == (
        buyer,
        ["billing:read"],
        datetime(2030, 1, 1, tzinfo=UTC),
    )
    assert "reports" in err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--company=XX", "--scope=billing:read"], "no company XX; known are: DE"),
        (["--company=DE", "--account=none", "--scope=billing:read"], "no account none"),
        (["--company=DE", "--scope=everything"], "invalid choice"),
        (["--company=DE", "--scope=billing:read", "--expires-at=tomorrow"], "invalid"),
        (["--company=DE", "--scope=billing:read", "--expires-at=2030-01-01"], "invalid"),
    ],
)
def test_wrong_arguments_end_with_a_sentence(arguments, sentence):
    company()
    with pytest.raises(CommandError, match=sentence):
        run("k", *arguments)
