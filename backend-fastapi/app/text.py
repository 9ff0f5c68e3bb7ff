"""Text that people send."""


def storable(text: str) -> str:
    """Raises ValueError for NUL, which PostgreSQL cannot keep, and half surrogate pairs, which UTF-8 cannot."""
    if "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise ValueError("has characters that are not text")
    return text
