"""Pictures on disk become one uint8 memory map."""
