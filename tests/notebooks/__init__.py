"""The notebooks: what they compute, what they show, in both languages."""
