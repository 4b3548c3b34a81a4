"""A run: steps, checkpoints, history."""
