"""The running stack under test: its addresses, its users, and how to break it."""
