"""The variational autoencoder and its parts."""
