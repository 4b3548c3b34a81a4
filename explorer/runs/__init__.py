"""Runs that are kept: listed, compared, evaluated, and what is wrong with one."""
