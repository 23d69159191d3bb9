#!/usr/bin/env python
"""Run a Django command; without DATABASE_URL, against the embedded servers of this checkout."""

import os
import sys

PRODUCTION_SETTINGS = "billing_site.settings.production"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "billing_site.settings.development")
    if os.environ["DJANGO_SETTINGS_MODULE"] != PRODUCTION_SETTINGS:
        from billing_site.local.servers import ServerTrouble, ensure_servers

        try:
            ensure_servers()
        except ServerTrouble as trouble:
            print(trouble, file=sys.stderr)
            sys.exit(3)
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except KeyboardInterrupt:
        print("Stopped. Run the same command again: it goes on from what is there.", file=sys.stderr)
        sys.exit(130)


if __name__ == "__main__":
    main()
