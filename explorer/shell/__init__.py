"""The window whatever its features are: docks, menus, palette, status, settings, saving."""
