"""The operator console: Django admin in the dress of unfold."""

UNFOLD = {
    "SITE_TITLE": "Meridian",
    "SITE_HEADER": "Meridian",
    "SITE_SUBHEADER": "Billing for clouds",
    "SITE_URL": "/",
    "SHOW_HISTORY": True,
    "DASHBOARD_CALLBACK": "billing_site.console.dashboard",
}
