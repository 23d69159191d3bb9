"""Where this checkout keeps what is its own on this machine."""

import os
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


def local_folder() -> Path:
    """The folder of the embedded servers' data; MERIDIAN_LOCAL_DIR moves it (relative to the checkout)."""
    return CHECKOUT / os.environ.get("MERIDIAN_LOCAL_DIR", ".local")
