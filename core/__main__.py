"""`python -m core`: the command line on a machine that has no window."""

import sys

from core.commands import main
from core.torchrun import end

if __name__ == "__main__":
    end(main(sys.argv[1:], None))
