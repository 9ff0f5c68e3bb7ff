"""The running stack as the tests meet it: where it answers, who uses it, and how to break it."""
