"""The named runs of the paper, and every number beside the printed one."""
