"""Run a command, and print as a last line how long it took, its peak memory, and its status.

    python -I -S measured_process.py dbt build

A process starts in the memory of the one that started it, and what the system calls its peak begins
with the peak of that one. This file imports little and holds nothing, so that what it starts begins
with a few megabytes, however much whoever asks for the figures may hold.
"""

import json
import os
import sys
import time

started = time.monotonic()
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(child, 0)
seconds = time.monotonic() - started
unit = 1024**2 if sys.platform == "darwin" else 1024
figures = {
    "seconds": seconds,
    "peak_megabytes": usage.ru_maxrss / unit,
    "status": os.waitstatus_to_exitcode(status),
}
print("\n" + json.dumps(figures))
