"""A recogniser's vocabulary as heed reads it: for each token, by number, a byte with its length and its bytes.

What is never shown (the ends of texts, times, languages) has no bytes. A token need not be whole UTF-8.
"""

import json

from .failure import BuildError

LONGEST = 255


def encoded(tokens):
    """The file's contents for a list of byte strings."""
    for number, token in enumerate(tokens):
        if len(token) > LONGEST:
            raise BuildError(f"token {number} has {len(token)} bytes, more than the {LONGEST} that fit in a vocabulary")
    return b"".join(bytes([len(token)]) + token for token in tokens)


def whisper(tokenizer, count):
    """The byte strings of a Whisper tokenizer (Hugging Face's `tokenizer.json`), and its marks' numbers by name."""
    content = json.loads(tokenizer)
    marks = {token["content"]: token["id"] for token in content["added_tokens"] if token["content"].startswith("<|")}
    tokens = [b""] * count
    letters = _letters()
    for text, number in content["model"]["vocab"].items():
        if number < marks["<|endoftext|>"]:
            tokens[number] = bytes(letters[letter] for letter in text)
    return tokens, marks


def moonshine(content):
    """The byte strings of Moonshine's `tokenizer.bin`, which is of the same form but marks blanks and hides tokens."""
    tokens, position = [], 0
    while position < len(content):
        end = position + 1 + content[position]
        tokens.append(content[position + 1:end])
        position = end
    shown = [b"" if token.startswith(b"<<") and token.endswith(b">>") else token for token in tokens]
    return [b""] * 3 + [token.replace("\u2581".encode(), b" ") for token in shown[3:]]  # unknown, start, end


def _letters():
    """The byte that each letter of a byte-level tokenizer stands for (openai/gpt-2, `bytes_to_unicode`)."""
    plain = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    others = [byte for byte in range(256) if byte not in plain]
    return {chr(byte): byte for byte in plain} | {chr(256 + place): byte for place, byte in enumerate(others)}
