"""Pictures that the model makes up."""
