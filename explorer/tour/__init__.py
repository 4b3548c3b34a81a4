"""Showing somebody new around: five things to do on the live model, each done when it is done."""
