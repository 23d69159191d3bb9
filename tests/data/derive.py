"""Copy what the tests need of the customer's data: `python -m tests.data.derive --shared ../shared`.

The same input gives the same bytes. `SOURCE.md` says where each file is from and under which licence.
"""

import argparse
import gzip
import io
from pathlib import Path

DATA = Path(__file__).parent
PACKED = ("lifecycle_events/nova_versioned_notifications.ndjson", "usage/focus_real_raw.csv")
AS_THEY_ARE = ("usage/vm_runs.csv.gz", "usage/vm_runs_expected_monthly.csv")


def pack(content: bytes) -> bytes:
    """Compress without a file name or a time in the header."""
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=0) as stream:
        stream.write(content)
    return packed.getvalue()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True, help="the customer's shared folder")
    shared = parser.parse_args().shared / "data"
    for name in PACKED:
        (DATA / f"{Path(name).name}.gz").write_bytes(pack((shared / name).read_bytes()))
    for name in AS_THEY_ARE:
        (DATA / Path(name).name).write_bytes((shared / name).read_bytes())
