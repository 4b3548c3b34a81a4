"""A model that was trained elsewhere is opened: what it is, is found out and shown before anything of it runs here."""
