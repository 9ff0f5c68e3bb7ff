"""Two auth servers and two backends on one database behave as one system."""
