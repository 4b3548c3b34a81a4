"""Strips of pictures along each latent dimension."""
