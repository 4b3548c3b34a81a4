"""The map: dots and all that is drawn with them, the hand that moves over it, the key to its colours."""
