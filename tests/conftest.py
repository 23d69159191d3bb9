"""What every test may use. PostgreSQL and Valkey are real: see tests/embedded.py."""

import hypothesis
import pytest

# The first look at a time zone reads a file, the first query opens a connection: no deadline for an example.
hypothesis.settings.register_profile("meridian", deadline=None)
hypothesis.settings.load_profile("meridian")


@pytest.fixture(autouse=True)
def documents_in_a_folder_of_the_test(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "documents"
