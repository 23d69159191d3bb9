import pytest

from billing_site.common.tables import TableRefused
from catalogue.models import Account, AccountChange
from catalogue.services.account_entries import AccountEntry
from catalogue.services.account_saving import save_accounts
from tests.factories.invoices import company

pytestmark = pytest.mark.django_db

BILLING = {"name": "Ada", "email": "ada@example.com", "phone": "", "role": "billing"}
TECHNICAL = {"name": "", "email": "noc@example.com", "phone": "", "role": "technical"}


def save(*values, of=None, **parts):
    seller = of or company()
    return save_accounts(entries=[AccountEntry(seller, row, parts, n) for n, row in enumerate(values, 2)])


def refusals(*values, **options):
    with pytest.raises(TableRefused) as refused:
        save(*values, **options)
    return [str(finding) for finding in refused.value.findings]


def test_what_is_not_given_is_the_companys():
    seller = company("JP", currency_code="JPY", minor_units=0, timezone="Asia/Tokyo")
    saved = save({"external_id": "0017"}, of=seller)
    account = Account.objects.get()
    assert saved.ids == [account.pk]
    assert (account.code, account.name, account.external_id) == ("JP-0017", "JP-0017", "0017")
    assert (account.currency_id, account.country, account.timezone) == ("JPY", "JP", "Asia/Tokyo")


def test_the_same_again_changes_nothing():
    row = {
        "code": "a",
        "external_id": "x",
        "name": "First",
        "tax_number": "DE123456788",
        "payment_days": "14",
    }
    assert save(row, contacts=[BILLING, TECHNICAL]).new == 1
    changes = AccountChange.objects.count()
    saved = save(row, contacts=[TECHNICAL, BILLING])
    assert (saved.new, saved.changed, saved.unchanged) == (0, 0, 1)
    assert AccountChange.objects.count() == changes


def test_an_account_is_known_by_its_external_id_then_by_its_code():
    save({"code": "a", "external_id": "x"}, {"code": "b"})
    saved = save({"external_id": "x", "name": "By id"}, {"code": "b", "external_id": "y", "name": "By code"})
    assert (saved.new, saved.changed) == (0, 2)
    assert list(Account.objects.values_list("code", "external_id", "name")) == [
        ("a", "x", "By id"),
        ("b", "y", "By code"),
    ]


def test_the_same_external_id_in_two_companies_is_two_accounts():
    save({"external_id": "x"})
    assert save({"external_id": "x"}, of=company("FR")).new == 1


def test_what_is_missing_stays_and_what_is_empty_is_emptied():
    save({"code": "a", "name": "Name", "address": "Street", "email": "a@example.com", "external_id": "x"})
    save({"code": "a", "name": "", "address": "", "external_id": "", "timezone": ""})
    account = Account.objects.get()
    assert (account.name, account.address, account.email) == ("Name", "", "a@example.com")
    assert (account.external_id, account.timezone) == ("x", "UTC")


def test_contacts_replace_those_that_stand():
    save({"code": "a"}, contacts=[BILLING])
    assert save({"code": "a"}).unchanged == 1
    assert save({"code": "a"}, contacts=[TECHNICAL]).changed == 1
    assert [str(contact) for contact in Account.objects.get().contacts.all()] == ["noc@example.com"]
    assert save({"code": "a"}, contacts=[]).changed == 1
    assert not Account.objects.get().contacts.exists()


def test_everything_wrong_is_told_and_nothing_saved():
    save({"code": "known", "external_id": "x"}, {"code": "other"}, of=company("FR"))
    told = refusals(
        {"code": "good"},
        {"code": "a", "timezone": "Europe/Atlantis", "locale": "de_QQ_x", "email": "nobody"},
        {"code": "b", "country": "Germany"},
        {"code": "c", "currency": "XXX"},
        {"code": "d", "tax_number": "DE123456789"},
        {"code": "e", "payment_days": "soon", "late_usage": "never"},
        {"code": "f", "opened_at": "2026-04-02T00:00"},
        {"code": "known"},
        {"name": "nobody"},
        {"code": "good"},
        {"code": "h", "name": "x" * 201},
    )
    assert told == [
        "line 3, email: Enter a valid email address.",
        "line 3, timezone: 'Europe/Atlantis' is no time zone; use an IANA name: Europe/Berlin.",
        "line 3, locale: 'de_QQ_x' is no locale; use one like en or de_CH.",
        "line 4, country: Use two capital letters of ISO 3166: DE.",
        "line 5, currency: 'XXX' is no currency of ISO 4217.",
        "line 6, tax_number: 'DE123456789' is no tax number of DE, for its check digits do not fit: "
        "compare it with the customer's papers.",
        "line 7, late_usage: Value 'never' is not a valid choice.",
        "line 7, payment_days: “soon” value must be an integer.",
        "line 8, opened_at: '2026-04-02T00:00' needs its zone: 2026-04-02T00:00+02:00.",
        "line 9, code: The account code known is taken; choose another.",
        "line 10, code: An account needs a code, or the external id of its customer.",
        "line 11: The account good stands on line 2 already: keep one.",
        "line 12, name: Ensure this value has at most 200 characters (it has 201).",
    ]
    assert Account.objects.count() == 2


def test_code_currency_and_external_id_never_change():
    save({"code": "a", "external_id": "x"})
    assert refusals({"code": "b", "external_id": "x"}) == [
        "line 2, code: The account a has the code a, which never changes."
    ]
    assert refusals({"code": "a", "currency": "USD"}) == [
        "line 2, currency: The account a has the currency EUR, which never changes."
    ]
    assert refusals({"code": "a", "external_id": "y"}) == [
        "line 2, external_id: The account a has the external id x: correct one of them."
    ]


def test_contacts_that_cannot_be_used():
    wrong = [{"name": "", "email": "nobody", "phone": "", "role": "boss"}, {"role": "billing"}]
    assert refusals({"code": "a"}, contacts=wrong) == [
        "line 2, contact 1 email: Enter a valid email address.",
        "line 2, contact 1 role: Value 'boss' is not a valid choice.",
        "line 2, contact 2: A contact needs a name, an e-mail address or a telephone number.",
    ]


def test_a_day_is_the_first_instant_of_it_where_the_account_is():
    save({"code": "a", "timezone": "Asia/Tokyo", "opened_at": "2026-04-02"})
    assert Account.objects.get().opened_at.isoformat() == "2026-04-01T15:00:00+00:00"


def test_queries_do_not_grow_with_the_entries(django_assert_max_num_queries):
    rows = [{"code": f"a{n}", "external_id": str(n)} for n in range(200)]
    with django_assert_max_num_queries(12):
        save(*rows, of=company())
    rows = [row | {"name": "changed"} for row in rows]
    with django_assert_max_num_queries(12):
        assert save(*rows, of=company(), contacts=[BILLING]).changed == 200
