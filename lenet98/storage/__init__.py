"""Files, whole or not at all, and where a result comes from."""
