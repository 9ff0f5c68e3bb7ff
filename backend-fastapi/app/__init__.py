"""The example backend. Start at main.py."""
