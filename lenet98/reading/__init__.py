"""From anybody's picture to a pattern, and from a string to its text."""
