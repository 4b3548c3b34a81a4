"""Cartoon faces drawn by our own code from twelve known factors."""
