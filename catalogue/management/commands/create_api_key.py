"""Create an API key and print it, once."""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from billing_site.common.errors import BillingError
from catalogue.models import Account, Company, Scope
from catalogue.services.api_keys import create_api_key


class Command(BaseCommand):
    help = "Create an API key of a company, or of one of its accounts, and print it: it is never shown again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="what the key is for")
        parser.add_argument("--company", required=True, help="code of the company")
        parser.add_argument("--account", help="code of the only account it may reach")
        parser.add_argument(
            "--scope", action="append", required=True, choices=Scope.values, help="may be given several times"
        )
        parser.add_argument("--expires-at", type=_instant, help="ISO 8601 with a zone: 2030-01-01T00:00:00Z")

    def handle(self, *, name: str, company: str, scope: list[str], **options: Any) -> None:
        try:
            seller = Company.objects.get(code=company)
            account = Account.objects.get(code=options["account"]) if options["account"] else None
            key, text = create_api_key(
                name=name, company=seller, account=account, scopes=scope, expires_at=options["expires_at"]
            )
        except Company.DoesNotExist:
            known = ", ".join(Company.objects.values_list("code", flat=True)[:20]) or "none yet"
            raise CommandError(f"There is no company {company}; known are: {known}.") from None
        except Account.DoesNotExist:
            raise CommandError(f"There is no account {options['account']}.") from None
        except BillingError as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stderr.write(
            f"{key.name}, of {key.account or key.company}: {', '.join(key.scopes)}. Keep it safe:"
        )
        self.stdout.write(text)


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return instant
