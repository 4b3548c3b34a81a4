"""Image sets known by name: found on this machine, drawn, or fetched when asked."""
