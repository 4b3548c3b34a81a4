"""The folder or set in hand: opened, read, and what was left out."""
