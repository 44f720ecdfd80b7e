"""Stochastic diagonal Levenberg-Marquardt, one pattern at a time (App. C)."""
