"""`latentscape` with a report of every step; torchrun starts it as a file."""

import sys

from core.commands import main
from core.training import meter

if __name__ == "__main__":
    meter.SOONEST = meter.SLOWING = 0.0
    sys.exit(main(sys.argv[1:], None))
