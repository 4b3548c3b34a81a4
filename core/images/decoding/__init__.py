"""One picture file becomes the square of pixels that a model learns from."""
