"""The map as a page that anyone can drag."""
