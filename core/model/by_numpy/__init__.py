"""The decoder of a trained model evaluated by NumPy: seconds before PyTorch is loaded."""
