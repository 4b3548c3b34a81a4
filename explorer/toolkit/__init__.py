"""Parts of Qt that know nothing of this program."""
