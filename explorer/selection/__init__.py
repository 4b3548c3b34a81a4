"""The images selected: listed, found, copied, and seen large."""
