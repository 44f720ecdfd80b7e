"""A table becomes a machine: layers, kernels, parameters."""
