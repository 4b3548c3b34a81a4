"""What is drawn over the dots: cursor, rings, contours, lines, areas."""
