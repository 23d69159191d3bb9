import gzip
from pathlib import Path

import pytest

from billing_site.demo.datasets import DATA
from billing_site.demo.derive import derive, main

SHARED = Path(__file__).parents[4] / "shared"
BY_HAND = {"SOURCE.md", "accounts.csv", "companies.csv"}


def content(name: str, raw: bytes) -> bytes:
    """Compare what is in a packed file: zlib builds pack the same bytes differently."""
    return gzip.decompress(raw) if name.endswith(".gz") else raw


@pytest.mark.skipif(not SHARED.is_dir(), reason="the customer's shared folder is not beside the project")
def test_the_shipped_data_are_what_the_derivation_gives():
    derived = derive(SHARED)
    assert set(derived) == {path.name for path in DATA.iterdir()} - BY_HAND
    for name, raw in derived.items():
        assert content(name, raw) == content(name, (DATA / name).read_bytes()), name
    assert derive(SHARED) == derived


def test_a_folder_without_the_data_is_one_sentence(tmp_path, capsys):
    assert main(["--shared", str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err == (
        f"There is no {tmp_path}/data/price_lists/products_300.csv; "
        "give the customer's shared folder with --shared.\n"
    )
    assert not (tmp_path / "out").exists()


def test_shipped_data_stay_small():
    assert sum(path.stat().st_size for path in DATA.iterdir()) < 6_000_000


def test_packed_files_carry_neither_name_nor_time():
    for path in DATA.glob("*.gz"):
        # RFC 1952: flags (no name), then the modification time.
        assert path.read_bytes()[3:8] == b"\0" * 5
