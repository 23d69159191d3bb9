#!/bin/sh
# Make this checkout ready: `bootstrap.sh` for everything but the browser, `bootstrap.sh tests` with it.
# Returns at once when the last set-up was for the same lock files; else finds Python and lets it do the work.
set -eu
cd "$(dirname "$0")/../.."

purpose=${1:-demo}
wanted=$(cat requirements-dev.lock billing_site/local/system_packages.py | sha256sum | cut -c 1-64)
stamp=.venv/set-up-for-$purpose
if [ -x .venv/bin/python ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then
    exit 0
fi

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for python in python3.11 python3.12 python3.13 python3; do
        if command -v "$python" >/dev/null && new_enough "$python"; then
            return 0
        fi
    done
    return 1
}

install_python() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    echo "Set-up: installing Python"
    export DEBIAN_FRONTEND=noninteractive
    for packages in "python3.11 python3.11-venv" "python3 python3-venv"; do
        # Unquoted on purpose: two packages.
        if apt-get install -y -qq $packages >/dev/null 2>&1 </dev/null ||
            { apt-get update -qq >/dev/null 2>&1 </dev/null &&
                apt-get install -y -qq $packages >/dev/null 2>&1 </dev/null; }; then
            return 0
        fi
    done
    return 1
}

if ! find_python && ! { install_python && find_python; }; then
    found=$(python3 --version 2>/dev/null || echo "no Python at all")
    echo "Meridian needs Python 3.11 or newer and this machine has $found: install it" \
        "(sudo apt-get install python3 python3-venv on Debian 12, Ubuntu 24.04 or newer)" \
        "and run the command again." >&2
    exit 3
fi

exec "$python" -m billing_site.local.set_up "$purpose" "$wanted"
