"""Long measurements of the running service; each is a program (`python -m tests.soak.swap --help`), tried in short by tests."""
