"""Control files that cannot be used: what is wrong is told, and nothing is stored."""

from io import BytesIO

import pytest

from billing_site.common.tables import TableRefused
from reconciliation.models import ControlDay, ControlLine, ControlTotal
from reconciliation.services.control_totals import take_control_file
from tests.factories.control import HEADING, NOW
from tests.factories.metered import metered

pytestmark = pytest.mark.django_db
WRONG = {
    "an empty file": (
        "",
        "The file is empty: send a CSV file with a heading and at least a line below it.",
    ),
    "only a heading": (
        HEADING,
        "The file has no lines: send one with a heading and at least a line",
    ),
    "no column of hours": ("source,id,resource,quantity\na,b,c,1", "line 1, hour: This column is missing."),
    "a column too many": (
        f"{HEADING},colour\na,b,c,2026-03-05T00:00:00Z,1,red",
        "line 1, colour: There is no such column",
    ),
    "an hour without a zone": (
        f"{HEADING}\nm,u,vm,2026-03-05T00:00:00,1",
        "line 2, hour: '2026-03-05T00:00:00' is no instant with a zone",
    ),
    "a minute that begins no hour": (
        f"{HEADING}\nm,u,vm,2026-03-05T00:07:00Z,1",
        "line 2, hour: '2026-03-05T00:07:00Z' is not where an hour begins",
    ),
    "below 0": (f"{HEADING}\nm,u,vm,2026-03-05T00:00:00Z,-1", "line 2, quantity: -1 is below 0"),
    "a decimal comma": (
        HEADING.replace(",", ";") + "\nm;u;vm;2026-03-05T00:00:00Z;1,5",
        "line 2, quantity: '1,5' is not a number",
    ),
    "no id": (f"{HEADING}\nm,,vm,2026-03-05T00:00:00Z,1", "line 2, id: It is empty"),
    "an id twice": (
        f"{HEADING}\nm,u,vm,2026-03-05T00:00:00Z,1\nm,u,vm,2026-03-05T00:00:00Z,1",
        "line 3, id: This id stands on line 2, too: keep one.",
    ),
    "a cell too few": (f"{HEADING}\nm,u,vm", "line 2: The line has 3 cells and the heading 5."),
    "twelve years in one file": (
        f"{HEADING}\nm,u,vm,2026-03-05T00:00:00Z,1\nm,v,vm,2038-03-05T00:00:00Z,1",
        "m has 2026-03-05 and 2038-03-05: at most 1,000 days are told at once.",
    ),
    "an account of others": (
        "source,account,sku,day,quantity\nm,stranger,GPU,2026-03-05,1",
        "line 2, account: There is no account 'stranger' of this company or its offices.",
    ),
    "an unknown product": (
        "source,account,sku,day,quantity\nm,acme,TPU,2026-03-05,1",
        "line 2, sku: There is no product 'TPU'.",
    ),
    "a month for a day": (
        "source,account,sku,day,quantity\nm,acme,GPU,2026-03,1",
        "line 2, day: '2026-03' is a month, and days are expected: write 2026-03-05.",
    ),
    "a sum twice": (
        "source,account,sku,day,quantity\nm,acme,GPU,2026-03-05,1\nm,acme,GPU,2026-03-05,2",
        "line 3: The same sum stands on line 2: keep one.",
    ),
}


@pytest.mark.parametrize(("text", "sentence"), WRONG.values(), ids=list(WRONG))
def test_what_is_wrong_is_told_and_nothing_is_stored(text, sentence):
    world = metered()
    world.product("GPU")
    with pytest.raises(TableRefused) as refused:
        take_control_file(company=world.head, file=BytesIO(text.encode()), received_at=NOW)
    assert str(refused.value).startswith(sentence)
    assert not ControlDay.objects.exists()
    assert not ControlLine.objects.exists()
    assert not ControlTotal.objects.exists()
