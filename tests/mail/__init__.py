"""Mails, and what their links do."""
