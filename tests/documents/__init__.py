"""What the pages of docs/ show works as they say."""
