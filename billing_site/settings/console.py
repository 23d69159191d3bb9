"""The operator console: Django admin in the dress of unfold."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy


def _page(title: str, model: str, icon: str) -> dict[str, Any]:
    """One entry of the sidebar, for those who may view the model (app.model)."""
    app, name = model.split(".")
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"admin:{app}_{name}_changelist"),
        "permission": _may_view(f"{app}.view_{name}"),
    }


def _report(title: str, name: str, icon: str, permission: str = "invoicing.view_invoice") -> dict[str, Any]:
    """One entry of the sidebar that belongs to no model."""
    return {"title": title, "icon": icon, "link": reverse_lazy(name), "permission": _may_view(permission)}


def _may_view(permission: str) -> Callable[[HttpRequest], bool]:
    return lambda request: request.user.has_perm(permission)


def _group(title: str, *pages: dict[str, Any]) -> dict[str, Any]:
    return {"title": title, "collapsible": False, "separator": True, "items": pages}


def _mark(_request: HttpRequest) -> str:
    return static("portal/logo.svg")


def _stylesheet(_request: HttpRequest) -> str:
    return static("console/console.css")


FORMAT_MODULE_PATH = ["billing_site.formats"]

UNFOLD = {
    "SITE_TITLE": "Meridian",
    "SITE_HEADER": "Meridian",
    "SITE_SUBHEADER": "Billing for clouds",
    "SITE_URL": "/",
    "SITE_ICON": _mark,
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": _mark}],
    "STYLES": [_stylesheet],
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "DASHBOARD_CALLBACK": "billing_site.console.dashboard",
    "COLORS": {
        "primary": {
            "50": "oklch(97.0% .014 254.6)",
            "100": "oklch(93.2% .032 255.6)",
            "200": "oklch(88.2% .059 254.1)",
            "300": "oklch(80.9% .105 251.8)",
            "400": "oklch(70.7% .165 254.6)",
            "500": "oklch(62.3% .214 259.8)",
            "600": "oklch(54.6% .245 262.9)",
            "700": "oklch(48.8% .243 264.4)",
            "800": "oklch(42.4% .199 265.6)",
            "900": "oklch(37.9% .146 265.5)",
            "950": "oklch(28.2% .091 267.9)",
        }
    },
    "SIDEBAR": {
        "show_search": True,
        "navigation": [
            {
                "items": [{"title": "Start", "icon": "dashboard", "link": reverse_lazy("admin:index")}],
            },
            _group(
                "Catalogue",
                _page("Companies", "catalogue.company", "apartment"),
                _page("Accounts", "catalogue.account", "groups"),
                _page("Products", "catalogue.product", "inventory_2"),
                _page("Prices", "catalogue.price", "sell"),
                _page("Price files", "catalogue.priceimport", "upload_file"),
                _page("Price import policies", "catalogue.priceimportpolicy", "tune"),
                _page("Unit spellings", "catalogue.unitspelling", "straighten"),
                _page("Promotions", "catalogue.promotion", "percent_discount"),
                _page("Tax rates", "catalogue.taxrate", "account_balance"),
                _page("Exchange rates", "catalogue.exchangerate", "currency_exchange"),
                _page("Currencies", "catalogue.currency", "payments"),
            ),
            _group(
                "Metering",
                _page("Resources", "metering.resource", "dns"),
                _page("Orders", "metering.order", "receipt"),
                _page("Lifecycle events", "metering.lifecycleevent", "history"),
                _page("Usage records", "metering.usageevent", "speed"),
                _page("Event batches", "metering.ingestbatch", "move_to_inbox"),
                _page("Exceptions", "metering.eventexception", "error"),
                _page("Charges", "metering.charge", "request_quote"),
                _page("Periods", "metering.accountperiod", "calendar_month"),
                _page("Rating runs", "metering.ratingrun", "calculate"),
            ),
            _group(
                "Invoicing",
                _page("Invoices", "invoicing.invoice", "description"),
                _page("Invoice lines", "invoicing.invoiceline", "list"),
                _page("Credit notes", "invoicing.creditnote", "undo"),
                _page("Payments", "invoicing.payment", "payments"),
                _page("Bill runs", "invoicing.billrun", "play_circle"),
                _page("Accounts of bill runs", "invoicing.billrunaccount", "fact_check"),
                _page("Documents", "invoicing.document", "picture_as_pdf"),
                _page("Inter-company", "invoicing.intercompanydocument", "handshake"),
                _page("Number series", "invoicing.numberseries", "tag"),
                _page("How runs are done", "invoicing.billrunpolicy", "tune"),
            ),
            _group(
                "Reports",
                _report("Margin", "margin", "monitoring"),
                _report("What if", "what_if", "rule_settings"),
                _report("Revenue", "revenue", "payments"),
                _report("Tax", "tax", "account_balance"),
                _report("Deferred revenue", "deferred_revenue", "hourglass_top"),
                _report("Aged debt", "aged_debt", "event_busy"),
                _report("Month's end", "month_close", "task_alt", "reconciliation.view_monthclosing"),
                _page("Closed months", "reconciliation.monthclosing", "lock_clock"),
            ),
            _group(
                "Reconciliation",
                _report("Report", "reconciliation_report", "summarize", "reconciliation.view_finding"),
                _page("Morning reports", "reconciliation.reconciliationreport", "picture_as_pdf"),
                _page("Findings", "reconciliation.finding", "troubleshoot"),
                _page("Reconciliations", "reconciliation.reconciliationrun", "balance"),
                _page("Discrepancies", "reconciliation.discrepancy", "rule"),
                _page("Asked for", "reconciliation.reconciliationrequest", "pending_actions"),
                _page("Control days", "reconciliation.controlday", "event_available"),
                _page("Control lines", "reconciliation.controlline", "checklist"),
                _page("Control totals", "reconciliation.controltotal", "functions"),
                _page("Second rating", "reconciliation.secondarycharge", "calculate"),
                _page("Finance's totals", "reconciliation.financetotal", "account_balance"),
                _page("Other systems' invoices", "reconciliation.otherinvoice", "receipt_long"),
                _page("Export mappings", "reconciliation.exportmapping", "table_chart"),
            ),
            _group(
                "Administration",
                _page("People", "catalogue.user", "person"),
                _page("Roles", "auth.group", "badge"),
                _page("API keys", "catalogue.apikey", "key"),
                _page("Schedule", "django_celery_beat.periodictask", "schedule"),
            ),
        ],
    },
}
