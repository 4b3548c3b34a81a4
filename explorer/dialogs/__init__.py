"""What the window asks, or shows over itself."""
