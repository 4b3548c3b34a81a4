"""One file a panel; each opens alone: `python -m explorer.panels.map`."""
