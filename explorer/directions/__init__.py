"""Directions from some images to others, and sliders along them."""
