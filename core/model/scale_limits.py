"""How narrow densities may become, and how wide."""

LOWEST_LOG_SIGMA = -6.0  # σ of 0.0025: below the 256 levels that pixels have
LOWEST_LOG_SCALE = -7.0  # of a logistic: a quarter of a level
LOWEST_LOG_VARIANCE, HIGHEST_LOG_VARIANCE = -20.0, 10.0  # σ from 4.5e-5 to 148: past this exp() endangers float32
