class BenchError(Exception):
    """Something is missing or went wrong; the message says what, where and what to do."""
