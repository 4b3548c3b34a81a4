"""Which plane through latent space is seen, and how it is moved."""
