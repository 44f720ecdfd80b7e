"""What the paper leaves open, asked of its figures."""
