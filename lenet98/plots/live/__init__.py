"""LeNet-5 live: a window to draw in, the only one that is opened here."""
