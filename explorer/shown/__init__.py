"""Frozen records that trips answer with and panels show."""
