"""Lessons: guess, let it run, see what is true."""
