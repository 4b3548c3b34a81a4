"""How narrow a likelihood may become."""

LOWEST_LOG_SIGMA = -6.0  # σ of 0.0025: below the 256 levels that pixels have
LOWEST_LOG_SCALE = -7.0  # of a logistic: a quarter of a level
