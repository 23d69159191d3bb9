from django.apps import AppConfig


class BillingSiteConfig(AppConfig):
    """Holds the commands that drive the whole product (demo, serve, scenario); it has no tables."""

    name = "billing_site"
