"""Users who come, act and leave all the time, and a judge of every answer that they get."""
