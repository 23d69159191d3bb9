"""What the commands that take files share."""

from django.core.management.base import CommandError, OutputWrapper

from billing_site.common.tables import TableRefused

_SHOWN = 50


def refused(refusal: TableRefused, stdout: OutputWrapper) -> CommandError:
    """Print what is wrong, the first fifty, and return how the command ends."""
    for finding in refusal.findings[:_SHOWN]:
        stdout.write(str(finding))
    if len(refusal.findings) > _SHOWN:
        stdout.write(f"... and {len(refusal.findings) - _SHOWN} more")
    return CommandError("Nothing was stored: correct the lines above and send the file again.")
