"""Films from stop to stop."""
