"""Whatever is sent to whichever port: a refusal with the one error body, and nothing broken."""
