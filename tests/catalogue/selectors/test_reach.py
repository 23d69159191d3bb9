import pytest
from django.contrib.auth.models import Group

from catalogue.models import Account, Price, Scope, User
from catalogue.selectors.reach import Reach, may_see_cost, reach_of_key, reach_of_user, within
from catalogue.selectors.visible import visible_companies, visible_prices, visible_users
from metering.models import Charge
from metering.selectors.visible import visible_charges, visible_exceptions, visible_resources
from tests.factories.houses import COST_NOTE, head_office, key_of, operator_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def north():
    return head_office("north", "alder", "birch")


@pytest.fixture
def alder(north):
    return north.sales_offices[0]


def the_key(company, *scopes, account=None):
    text = key_of(company, *scopes, account=account)
    return company.api_keys.get(prefix=text.removeprefix("mk_").split(".")[0])


def test_head_office_reaches_itself_and_its_sales_offices(north):
    head_office("sumac", "cedar")
    companies = {north.company.pk, *(office.company.pk for office in north.sales_offices)}
    assert reach_of_user(north.operator) == Reach(company_ids=frozenset(companies))
    assert reach_of_key(the_key(north.company, Scope.BILLING_READ)) == Reach(company_ids=frozenset(companies))


def test_sales_office_reaches_only_itself(alder):
    assert reach_of_user(alder.operator) == Reach(company_ids=frozenset([alder.company.pk]))


def test_key_of_an_account_reaches_only_that_account(alder):
    key = the_key(alder.company, Scope.BILLING_READ, account=alder.account)
    only = Reach(company_ids=frozenset([alder.company.pk]), account_ids=frozenset([alder.account.pk]))
    assert reach_of_key(key) == only
    assert list(visible_companies(key)) == [alder.company]


def test_customer_reaches_the_own_accounts(north, alder):
    birch = north.sales_offices[1]
    customer = User.objects.create_user("customer")
    customer.accounts.set([alder.account, birch.account])
    assert reach_of_user(customer).account_ids == {alder.account.pk, birch.account.pk}
    assert set(visible_charges(customer).values_list("account_id", "side")) == {
        (alder.account.pk, "sell"),
        (birch.account.pk, "sell"),
    }
    assert list(visible_users(customer)) == []


def test_superuser_reaches_all_and_a_person_of_nothing_nothing(north):
    assert reach_of_user(User(is_superuser=True)) == Reach(all=True)
    nobody = User.objects.create_user("nobody")
    assert not within(Account.objects.all(), reach_of_user(nobody), company="company", account="pk").exists()
    assert not visible_resources(nobody).exists()
    assert not visible_exceptions(nobody).exists()


def test_rows_without_an_account_are_nothing_to_a_customer(alder):
    reach = Reach(company_ids=frozenset([alder.company.pk]), account_ids=frozenset([alder.account.pk]))
    assert not within(Price.objects.all(), reach, company="company").exists()


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        ("billing admin", True),
        ("pricing", True),
        ("approver", True),
        ("finance", True),
        ("auditor", True),
        ("support", False),
    ],
)
def test_cost_is_for_roles_that_work_with_it(north, alder, role, sees):
    for company in (north.company, alder.company):
        person = operator_of(company, role)
        assert may_see_cost(person) is sees
        assert visible_charges(person).filter(side=Charge.Side.COST).exists() is sees
        assert visible_prices(person).filter(note__startswith=COST_NOTE).exists() is sees
        assert visible_prices(person).filter(note="alder book").exists()


def test_a_customer_with_a_role_by_mistake_sees_no_cost(alder):
    customer = User.objects.create_user("customer")
    customer.accounts.add(alder.account)
    customer.groups.add(Group.objects.get(name="finance"))
    assert not may_see_cost(customer)


def test_key_sees_cost_by_scope_and_never_for_an_account(alder):
    assert may_see_cost(the_key(alder.company, Scope.COST_READ))
    assert not may_see_cost(the_key(alder.company, Scope.BILLING_READ))
    of_account = the_key(alder.company, Scope.BILLING_READ, account=alder.account)
    of_account.scopes = [Scope.COST_READ]
    assert not may_see_cost(of_account)


def test_sales_office_sees_what_it_pays_and_not_what_others_agreed(north, alder):
    birch = north.sales_offices[1]
    for office in (alder, birch):
        price = Price.objects.get(note=f"{office.word} agreed")
        Price.objects.create(
            company=north.company,
            product=price.product,
            currency=price.currency,
            account=office.account,
            valid_from=price.valid_from,
            unit_price=1,
            note=f"cost agreed for {office.word}",
        )
    notes = set(visible_prices(alder.operator).values_list("note", flat=True))
    assert notes == {"alder book", "alder agreed", f"{COST_NOTE} north", "cost agreed for alder"}


def test_key_of_an_account_sees_the_book_and_what_was_agreed_with_it(alder):
    other = Account.objects.create(
        code="alder-2", company=alder.company, currency=alder.company.currency, country="US", timezone="UTC"
    )
    price = Price.objects.get(note="alder agreed")
    Price.objects.create(
        company=alder.company,
        product=price.product,
        currency=price.currency,
        account=other,
        valid_from=price.valid_from,
        unit_price=1,
        note="agreed with another",
    )
    key = the_key(alder.company, Scope.CATALOGUE_READ, account=alder.account)
    assert set(visible_prices(key).values_list("note", flat=True)) == {"alder book", "alder agreed"}


def test_nobody_of_a_sales_office_sees_superusers(alder):
    User.objects.create_superuser("root", company=alder.company)
    assert {user.username for user in visible_users(alder.operator)} == {"alder-operator"}
