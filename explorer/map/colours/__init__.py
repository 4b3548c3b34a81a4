"""What the dots are coloured by: classes, numbers, the legend and the bar."""
