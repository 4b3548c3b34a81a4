"""The hidden part of an image, as the model would have it."""
