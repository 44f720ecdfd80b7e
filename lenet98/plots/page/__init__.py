"""The page that figures are drawn on: its look, its labels, small pictures, bands over seeds."""
