"""Write what an engine would be sent for a project into a file, in a process of its own."""

import sys

from . import stand_ins

if __name__ == "__main__":
    # Before anything of dbt's is imported.
    stand_ins.install()
    from .compiling import write_compiled

    write_compiled(*sys.argv[1:])
