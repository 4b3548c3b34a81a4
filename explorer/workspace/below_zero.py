"""Why nats can be below 0, wherever a number of them stands."""

BELOW_ZERO = (
    "Below 0 is no mistake: pixels that are no plain black or white have a density, which can be above 1, and minus "
    "its logarithm is then below 0. Smaller is still better."
)
BRIEFLY = "below 0 is possible, smaller is still better"
