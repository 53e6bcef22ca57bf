"""How far a transcript is from what was said."""

import re


def words(text):
    """The words as they are compared: lower case, no punctuation, hyphens as blanks."""
    text = re.sub(r"[-–—]", " ", text.lower())
    return [word for word in (re.sub(r"[^\w]", "", word) for word in text.split()) if word]


def errors(reference, transcript):
    """The least number of words to change, leave out and add."""
    reference, transcript = words(reference), words(transcript)
    row = list(range(len(transcript) + 1))
    for place, expected in enumerate(reference, 1):
        diagonal, row[0] = row[0], place
        for column, word in enumerate(transcript, 1):
            best = min(diagonal + (word != expected), row[column] + 1, row[column - 1] + 1)
            diagonal, row[column] = row[column], best
    return row[-1]
