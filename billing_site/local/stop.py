"""End the embedded servers of this checkout, and no others."""

import sys

from billing_site.local.servers import ServerTrouble, stop_servers


def main() -> int:
    try:
        stopped = stop_servers()
    except ServerTrouble as trouble:
        print(trouble, file=sys.stderr)
        return 3
    print("\n".join(f"Stopped {server}" for server in stopped) or "No server of this checkout was running.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
