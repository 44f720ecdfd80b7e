"""What is printed: the numbers and the codes of the paper."""
