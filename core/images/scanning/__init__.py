"""What lies in a folder: its files walked, indexed, and known again."""
