"""REST framework, its schema and its docs page."""

import environ

env = environ.Env()

# Of one request with events; it also bounds the memory that a request can take.
EVENTS_MAX_BYTES = env.int("EVENTS_MAX_BYTES", default=16 * 1024 * 1024)
# Of a file of accounts, which is read while the sender waits: some 200,000 lines.
CSV_FILE_MAX_BYTES = env.int("CSV_FILE_MAX_BYTES", default=64 * 1024 * 1024)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "catalogue.api.authentication.ApiKeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["catalogue.api.permissions.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["billing_site.common.rest.requests.WholeJson"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "billing_site.common.rest.requests.JsonUnlessAsked",
    "DEFAULT_FILTER_BACKENDS": ["billing_site.common.rest.filters.KnownFilters"],
    "DEFAULT_PAGINATION_CLASS": "billing_site.common.rest.pages.CursorPages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "billing_site.common.rest.problems.answer_with_problem",
    "COERCE_DECIMAL_TO_STRING": True,
    "UNAUTHENTICATED_USER": None,
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Meridian API",
    "DESCRIPTION": "Billing for clouds: send what happened to resources, read what it costs and why.\n\n"
    "Lists come in pages: follow `next`. Amounts and quantities are exact text. A refusal is problem+json "
    "(RFC 9457), whose `code` is stable. What you may not see is answered as what does not exist.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "ENUM_NAME_OVERRIDES": {
        "BillRunAccountState": "invoicing.models.BillRunAccount.State",
        "BillRunState": "invoicing.models.BillRun.State",
        "BillRunWarningKind": "invoicing.models.BillRunWarning.Kind",
        "ChargeKind": "metering.models.Charge.Kind",
        "ExceptionKind": "metering.models.EventException.Kind",
        "FindingClass": "reconciliation.models.Finding.Kind",
        "FindingState": "reconciliation.models.Finding.State",
        "InvoiceLineKind": "invoicing.models.InvoiceLine.Kind",
        "InvoiceState": "invoicing.models.Invoice.State",
        "NumberSeriesKind": "invoicing.models.NumberSeries.Kind",
        "ProductKind": "catalogue.models.Product.Kind",
        "ReconciliationLevel": "reconciliation.models.ReconciliationRun.Level",
        "ResourceState": "metering.models.Resource.State",
        "TaxCategory": "catalogue.models.Product.TaxCategory",
        "TaxTreatmentCategory": "catalogue.models.TaxTreatment.Category",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "billing_site.common.rest.problems.describe_problems",
    ],
}
