#!/usr/bin/env bash
# saxonche 13.1.1 (PyPI) where a process limits its own address space (RLIMIT_AS), as servers do that must not eat a machine.
# Seen on 28 November 2026, Linux x86_64, Python 3.11:
# - to import it is harmless; the first processor under a limit of 2, 8 or 32 GB writes « graal_create_isolate error » and
#   ends the whole process with code 2: no exception, no `finally`, no `atexit`; without a limit, or with 64 GB, it works.
# - what it reserves is address space, not memory: the same run without a limit uses less than 1 GB.
# What follows: a server that validates e-invoices by it starts it in a process of its own, whose limit is lifted.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet saxonche==13.1.1
cat > "$folder/try.py" <<'PY'
import atexit
import resource
import sys

gigabytes = int(sys.argv[1])
if gigabytes:
    resource.setrlimit(resource.RLIMIT_AS, (gigabytes * 2**30, resource.getrlimit(resource.RLIMIT_AS)[1]))
from saxonche import PySaxonProcessor

atexit.register(print, "at exit", flush=True)
try:
    with PySaxonProcessor(license=False):
        print("works", flush=True)
except BaseException as error:
    print("caught", type(error).__name__, flush=True)
finally:
    print("finally", flush=True)
if not gigabytes:
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print("less than 1 GB" if used < 2**20 else f"{used} kB", flush=True)
PY
attempt() {
    local code=0
    "$folder/env/bin/python" "$folder/try.py" "$1" > "$folder/out" 2> "$folder/err" || code=$?
    echo "$1 GB: code $code, $(tr '\n' ',' < "$folder/out")"
}
for gigabytes in 2 8 32; do
    [ "$(attempt "$gigabytes")" = "$gigabytes GB: code 2, " ]
    grep -q "graal_create_isolate error" "$folder/err"
done
[ "$(attempt 64)" = "64 GB: code 0, works,finally,at exit," ]
[ "$(attempt 0)" = "0 GB: code 0, works,finally,less than 1 GB,at exit," ]
echo "As seen."
