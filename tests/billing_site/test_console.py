import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from pghistory.models import Event

from billing_site.common.admin import ReadOnlyAdmin
from catalogue.models import Account, ApiKey, Company, Product, User
from invoicing.models import Invoice
from tests.factories.houses import COST_NOTE, head_office, operator_of

pytestmark = pytest.mark.django_db
OURS = {"catalogue", "metering", "invoicing", "reconciliation"}
# Shown as tables and inlines of another page, or (composite keys, what was detached) not at all.
WITHOUT_PAGES = {
    *("AccountChange", "Contact"),
    *("EventIdentity", "ResourceInterval", "ImportLine", "PriceChange", "ProductChange"),
    *("CreditNoteLine", "CreditNoteTax", "PaymentAllocation", "BillRunWarning", "InterCompanyLine"),
    *("ImportFinding", "InvoiceTax", "PriceImportProgress", "PriceTier", "Redemption", "UnitFactor"),
    *("FindingChange", "RunTotal", "TaxTreatment", "DetachedMonth"),
}
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
NARROWED = [model for model in MODELS if getattr(admin.site.get_model_admin(model), "visible", None)]


def page(model, kind, *arguments):
    options = model._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_{kind}", args=arguments)


def name_of(model):
    return model._meta.label


@pytest.fixture
def north():
    return head_office("north", "alder", "birch")


@pytest.fixture
def root(client, north):
    head_office("sumac", "cedar")
    client.force_login(User.objects.create_superuser("root"))
    return client


@pytest.fixture
def alder(client, north):
    head_office("sumac", "cedar")
    client.force_login(north.sales_offices[0].operator)
    return client


def test_every_model_has_pages():
    from django.apps import apps

    missing = {
        model.__name__
        for app in OURS
        for model in apps.get_app_config(app).get_models()
        # History is a page of the thing itself, and proxies are there for its triggers.
        if model not in admin.site._registry and not (issubclass(model, Event) or model._meta.proxy)
    }
    assert missing == WITHOUT_PAGES


@pytest.mark.parametrize("model", MODELS, ids=name_of)
def test_pages_answer_a_superuser(root, model):
    assert root.get(page(model, "changelist")).status_code == 200
    assert root.get(page(model, "changelist"), {"q": "north"}).status_code == 200
    model_admin = admin.site.get_model_admin(model)
    add = root.get(page(model, "add"))
    # A bill run is started by a form of its own; nothing of it is edited.
    is_read_only = isinstance(model_admin, ReadOnlyAdmin) and model.__name__ != "BillRun"
    assert add.status_code == (403 if is_read_only else 200)
    row = model._default_manager.first()
    if model._meta.app_label in OURS and model_admin.__module__.split(".")[0] in OURS and row is not None:
        assert root.get(page(model, "change", row.pk)).status_code == 200


@pytest.mark.parametrize("model", NARROWED, ids=name_of)
def test_an_operator_sees_only_what_the_office_reaches(alder, model):
    listed = alder.get(page(model, "changelist"))
    assert listed.status_code == 200
    assert not re.search("birch|cedar|sumac", main_part(listed))
    person = User.objects.get(username="alder-operator")
    reached = set(model_rows(model, person))
    for row in model._default_manager.all():
        response = alder.get(page(model, "change", row.pk))
        if row.pk in reached:
            assert response.status_code == 200
            assert not re.search("birch|cedar|sumac", main_part(response))
        else:
            assert response.status_code == 302


def model_rows(model, person):
    return admin.site.get_model_admin(model).visible(person).values_list("pk", flat=True)


def main_part(response):
    return response.content.decode()


@pytest.mark.parametrize("model", NARROWED, ids=name_of)
def test_every_page_has_something_for_the_operator_of_its_office(north, model):
    """Otherwise the test before this one proves nothing."""
    shown_to_head_offices = {"IngestBatch", "RatingRun"}
    person = north.operator if model.__name__ in shown_to_head_offices else north.sales_offices[0].operator
    if model.__name__ not in {"RatingRun", "PriceImport", "PriceImportPolicy"}:
        assert model_rows(model, person).exists()


def test_filters_and_choices_offer_only_what_is_reached(alder):
    filters = alder.get(page(Account, "changelist")).content.decode()
    assert "alder" in filters
    assert "birch" not in filters
    choices = alder.get(
        "/console/autocomplete/",
        {
            "app_label": "catalogue",
            "model_name": "apikey",
            "field_name": "company",
            "term": "",
        },
    ).json()["results"]
    assert [choice["text"] for choice in choices] == ["alder The alder company"]


def test_a_foreign_company_cannot_be_posted(alder):
    birch = Company.objects.get(code="birch")
    form = {"name": "stolen", "company": birch.pk, "scopes": ["billing:read"]}
    response = alder.post(page(ApiKey, "add"), form)
    assert response.status_code == 200
    assert "not one of the available choices" in response.content.decode()
    assert not ApiKey.objects.filter(name="stolen").exists()


def test_support_sees_no_cost(client, north):
    client.force_login(operator_of(north.company, "support"))
    prices = client.get("/console/catalogue/price/").content.decode()
    charges = client.get("/console/metering/charge/").content.decode()
    assert "31.75" not in charges
    assert "72.25" in charges
    assert COST_NOTE not in prices
    client.force_login(operator_of(north.company, "finance"))
    assert "31.75" in client.get("/console/metering/charge/").content.decode()


def test_a_key_is_shown_once_and_can_be_revoked(alder, north):
    company = north.sales_offices[0].company
    form = {"name": "orders", "company": company.pk, "scopes": ["events:write", "billing:read"]}
    response = alder.post(page(ApiKey, "add"), form, follow=True)
    (text,) = set(re.findall(r"mk_[0-9a-f]{12}\.[\w-]{43}", response.content.decode()))
    key = ApiKey.objects.get(name="orders")
    assert text.startswith(f"mk_{key.prefix}.")
    assert text not in alder.get(page(ApiKey, "changelist")).content.decode()
    api = Client(headers={"Authorization": f"Bearer {text}"})
    assert api.get("/api/v1/invoices").status_code == 200
    alder.post(page(ApiKey, "changelist"), {"action": "revoke", "_selected_action": [key.pk]})
    assert api.get("/api/v1/invoices").status_code == 401


def test_a_key_that_the_service_refuses_is_refused_beside_the_form(alder, north):
    office = north.sales_offices[0]
    form = {"name": "k", "company": office.company.pk, "account": office.account.pk, "scopes": ["cost:read"]}
    response = alder.post(page(ApiKey, "add"), form)
    assert "A key of an account cannot have cost:read" in response.content.decode()


def test_a_billing_admin_gives_roles_but_no_more(alder, north):
    support, own = Group.objects.get(name="support"), Group.objects.create(name="own group")
    person = operator_of(north.sales_offices[0].company, "support", "somebody")
    form = {
        "username": "somebody",
        "company": person.company_id,
        "is_superuser": "on",
        "is_active": "on",
        "groups": [support.pk],
    }
    assert alder.post(page(User, "change", person.pk), form).status_code == 302
    person.refresh_from_db()
    assert not person.is_superuser
    assert alder.post(page(User, "change", person.pk), form | {"groups": [own.pk]}).status_code == 200
    assert list(person.groups.all()) == [support]


def test_what_all_share_is_written_by_head_offices(alder, client, north):
    assert alder.get("/console/catalogue/product/add/").status_code == 403
    assert alder.get("/console/catalogue/company/add/").status_code == 403
    client.force_login(north.operator)
    assert client.get("/console/catalogue/product/add/").status_code == 200
    assert client.get("/console/catalogue/company/add/").status_code == 403


def test_the_pdf_of_an_invoice(alder):
    own, foreign = (
        Invoice.objects.get(number="ALDER-2023-00001"),
        Invoice.objects.get(number="BIRCH-2023-00001"),
    )
    response = alder.get(reverse("admin:invoicing_invoice_pdf", args=[own.pk]))
    assert b"".join(response.streaming_content) == b"%PDF-1.7 of alder"
    response = alder.get(reverse("admin:invoicing_invoice_pdf", args=[foreign.pk]))
    assert response.status_code == 302


def test_an_invoice_shows_its_lines_and_a_resource_its_timeline(alder):
    invoice = alder.get(
        page(Invoice, "change", Invoice.objects.get(number="ALDER-2023-00001").pk)
    ).content.decode()
    assert "alder-vm" in invoice
    assert "72.25\xa0USD" in invoice
    assert "alder tax" in invoice


def test_the_start_page_adds_up_what_is_reached(alder, north, client):
    start = alder.get("/console/")
    assert {card["title"]: card["value"] for card in start.context["cards"]} == {
        "Companies": "1",
        "Accounts": "1",
        "Open exceptions": "1",
        "Unrated for over an hour": "1",
    }
    invoices, runs, exceptions = start.context["tables"]
    assert invoices.title == "Invoices of September 2023"
    assert invoices.rows == [("USD", 1, "72.25\xa0USD", "7.23\xa0USD", "79.48\xa0USD")]
    assert [row[0] for row in runs.rows] == ["alder"]
    assert exceptions.rows == [("no price in the account's currency", 1, "")]
    client.force_login(north.operator)
    start = client.get("/console/")
    assert start.context["tables"][0].rows == [("USD", 3, "216.75\xa0USD", "21.69\xa0USD", "238.44\xa0USD")]
    assert {card["title"]: card["value"] for card in start.context["cards"]}["Events, latest batches"] == "6"


def test_sums_never_mix_currencies(client, north):
    from tests.factories.invoices import Line, account, company, issued_invoice

    tokyo = account("jp-1", of=company("JP", currency_code="JPY", minor_units=0, parent=north.company))
    issued_invoice(tokyo, number="JP-1", lines=[Line("1234567")])
    client.force_login(north.operator)
    rows = client.get("/console/").context["tables"][0].rows
    assert [(row[0], row[2]) for row in rows] == [
        ("JPY", "1,234,567\xa0JPY"),
        ("USD", "216.75\xa0USD"),
    ]


def test_a_person_without_rights_gets_a_bare_start_page(client, north):
    client.force_login(User.objects.create_user("nobody", is_staff=True))
    start = client.get("/console/")
    assert (start.status_code, start.context["cards"], start.context["tables"]) == (200, [], [])


def test_counts_over_bulk_tables_are_estimates(root, django_assert_max_num_queries):
    from billing_site.common.admin import EstimatePaginator
    from metering.models import Charge

    assert EstimatePaginator(Charge.objects.order_by("id"), 50).count == Charge.objects.count()
    paginator = EstimatePaginator(Charge.objects.order_by("id"), 50)
    paginator._EXACT = 0
    with django_assert_max_num_queries(1) as asked:
        assert paginator.count > 0
    assert asked.captured_queries[0]["sql"].startswith("EXPLAIN")


def test_a_product_keeps_its_states_through_the_form(client, north):
    client.force_login(north.operator)
    address = page(Product, "change", Product.objects.get(sku="VM").pk)
    form = client.get(address).context["adminform"].form.initial
    posted = {name: value for name, value in form.items() if value not in (None, False)}
    posted |= {"billed_states": ["active", "stopped"], "name": "Virtual machine, new name"}
    posted |= {"unit_factors-TOTAL_FORMS": 0, "unit_factors-INITIAL_FORMS": 0}
    assert client.post(address, posted).status_code == 302
    changed = Product.objects.get(sku="VM")
    assert (changed.billed_states, changed.name) == (["active", "stopped"], "Virtual machine, new name")


def test_a_time_zone_must_exist(client, north):
    client.force_login(north.operator)
    address = page(Account, "change", north.account.pk)
    form = client.get(address).context["adminform"].form.initial
    posted = {name: value for name, value in form.items() if value is not None}
    response = client.post(address, posted | {"timezone": "Europe/Atlantis"})
    assert "Europe/Atlantis is no time zone" in response.content.decode()
