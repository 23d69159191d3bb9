from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class BillingSiteConfig(AppConfig):
    """Holds the commands that drive the whole product (demo, serve, scenario); it has no tables."""

    name = "billing_site"

    def ready(self) -> None:
        # Making the Celery application makes it the one that tasks are sent by. Not in the package's
        # __init__: the set-up imports the package before Celery is installed.
        import billing_site.celery  # noqa: F401
        from billing_site.roles import give_roles

        # The last app with tables: by then Django has made the permissions of all.
        post_migrate.connect(give_roles, sender=apps.get_app_config("reconciliation"))
