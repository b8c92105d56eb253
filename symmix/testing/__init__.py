"""For those who test: strategies that draw cases, and checks of somebody else's implementation."""
