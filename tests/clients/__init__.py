"""Other projects' clients, used as their documentation says."""
