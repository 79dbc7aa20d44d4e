#!/bin/sh
# Finds a Python and leaves the rest to install.py.
here=$(cd "$(dirname "$0")" && pwd)
for python in python3.13 python3.12 python3.14 python3.11 python3; do
    if "$python" -I -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        exec "$python" -I -X utf8 "$here/install.py" "$@"
    fi
done
cat "$here/no-python.txt" >&2
exit 3
