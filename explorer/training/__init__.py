"""The form that trains a model."""
