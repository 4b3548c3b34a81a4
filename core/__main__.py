"""`python -m core`: the command line on a machine that has no window."""

import sys

from core.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], None))
