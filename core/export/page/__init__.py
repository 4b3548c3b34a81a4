"""A map as one HTML file that anyone can drag: no server, no network, no library."""
