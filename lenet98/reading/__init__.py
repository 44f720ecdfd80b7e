"""From anybody's picture to a pattern."""
