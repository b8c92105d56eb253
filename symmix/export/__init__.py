"""What was decided, for people to read: plain text, LaTeX, JSON."""
