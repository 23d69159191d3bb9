"""Who gets which run: runs of a few real VMs are dealt to customers in twelve countries.

The deal depends on nothing but the run's id and the account codes: the same on every machine and every day.
"""

import hashlib
from collections.abc import Sequence


def dealt_account(event_id: str, account_codes: Sequence[str]) -> str:
    """Choose the account of a run.

    >>> dealt_account("noise-s-000000", ["acct-de-1", "acct-jp-1", "acct-kw-1"])
    'acct-kw-1'
    """
    digest = hashlib.sha256(event_id.encode()).digest()
    codes = sorted(account_codes)
    return codes[int.from_bytes(digest) % len(codes)]


def dealt_resource(resource: str, account: str) -> str:
    """Name the customer's own copy of a resource; several customers have runs of the same real VM.

    >>> dealt_resource("vm-eastus-b8ms-0", "acct-de-1")
    'vm-eastus-b8ms-0@acct-de-1'
    """
    return f"{resource}@{account}"


def size_sku(product_sku: str, *, from_region: str, to_region: str) -> str:
    """Name the same VM size in another region.

    >>> size_sku("AZ-westus2-Standard_B8ms", from_region="westus2", to_region="japaneast")
    'AZ-japaneast-Standard_B8ms'
    """
    size = product_sku.removeprefix(f"AZ-{from_region}-")
    return f"AZ-{to_region}-{size}"


def run_sku(size: str) -> str:
    """Name the product under which runs on a VM size are billed as usage.

    >>> run_sku("AZ-japaneast-Standard_B8ms")
    'AZ-japaneast-Standard_B8ms-RUN'
    """
    return f"{size}-RUN"
