"""What all features look at and change: images, run and place in hand, and the undo history."""
