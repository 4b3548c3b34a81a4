"""The map: a dot for each image, and what a hand does on it."""
