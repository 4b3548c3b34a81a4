"""Pictures from outside: dropped, pasted, drawn."""
