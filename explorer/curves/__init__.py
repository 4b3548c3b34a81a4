"""The curves of a training as it goes."""
