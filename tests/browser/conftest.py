"""Pages in the Chromium of the system: a phone and a desktop."""

import os
import shutil

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture
def browser(monkeypatch):
    """Chromium, headless. Playwright's loop runs in this thread, where Django refuses queries unless told."""
    if CHROMIUM is None:
        pytest.skip("No Chromium is installed; apt-get install chromium runs this test.")
    playwright = pytest.importorskip("playwright.sync_api")
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=as_root)
        yield chromium
        chromium.close()
