"""What was decided, for people to read: reports, pages, documents, notebooks, Coq."""
