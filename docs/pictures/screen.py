"""Draws the screen of a recorded terminal as SVG. Wants the packages of requirements.txt."""

import json
import re
import sys
from html import escape
from itertools import groupby

import pyte

# A dark window with a border, legible on a light page and on a dark one.
GROUND, BAR, BORDER, TITLE = "#1b1f27", "#2a303b", "#4b5363", "#aab2c0"
TEXT, DIM, PROMPT = "#e6e9ef", "#8b94a5", "#7fd18c"
SIZE, CELL, LINE, MARGIN, HEAD = 14, 8.43, 19, 16, 30
FONTS = "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace"
# A screen counts when it stood for so many seconds: between, it is drawn anew.
STOOD = 0.05
DIMMED, PLAIN = "\x1b[2m", "\x1b[22m"
# The emulator knows no dimmed text; heed has no brown.
STAND_IN = "\x1b[33m"
# The prompt, or words with one blank between them.
PIECE = re.compile(r"^\$(?= )|\S+(?: \S+)*")


def draw(cast, svg, title, live, end):
    """Draws the last screen that stood for a while when `live` had come, and below `end` what was there afterwards."""
    with open(cast, encoding="utf-8") as file:
        head = json.loads(file.readline())
        pieces = [json.loads(line) for line in file]
    screen = pyte.Screen(head["width"], head["height"])
    stream = pyte.Stream(screen)
    shown, burst = None, ""
    for number, (time, _, text) in enumerate(pieces):
        stream.feed(text.replace(DIMMED, STAND_IN).replace(PLAIN, "\x1b[39m"))
        burst += text
        if number + 1 < len(pieces) and pieces[number + 1][0] - time >= STOOD:
            if live in burst:
                shown = rows_of(screen)
            burst = ""
    if shown is None:
        sys.exit(f"{cast}: {live!r} was never to be seen")
    left = rows_of(screen)
    same = next((n for n, (a, b) in enumerate(zip(shown, left)) if a != b), len(shown))
    with open(svg, "w", encoding="utf-8") as file:
        file.write(picture(shown, left[same:], screen.columns, title, end))


def rows_of(screen):
    """The rows down to the last that has something in it."""
    rows = [cells(screen, row) for row in range(screen.lines)]
    while rows and not any(character.strip() for character, _ in rows[-1]):
        rows.pop()
    return rows


def cells(screen, row):
    """The characters of a row, each with whether it is dimmed."""
    return [(screen.buffer[row][column].data, screen.buffer[row][column].fg == "brown")
            for column in range(screen.columns)]


def picture(shown, left, columns, title, end):
    """The screen as it was shown, a line that says how it ended, and the rows that came then."""
    width = round(columns * CELL + 2 * MARGIN)
    rule = HEAD + 8 + LINE * len(shown) + LINE / 2
    height = round(rule + LINE / 2 + LINE * len(left) + MARGIN)
    words = "\n".join("".join(character for character, _ in row).rstrip() for row in shown + left)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'role="img">',
        f"<title>{escape(title)}</title>",
        f"<desc>{escape(words)}</desc>",
        f'<rect x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="8" fill="{GROUND}" stroke="{BORDER}"/>',
        f'<path d="M1 {HEAD}V9a8 8 0 0 1 8-8H{width - 9}a8 8 0 0 1 8 8V{HEAD}z" fill="{BAR}"/>',
        f'<g font-family="{FONTS}" font-size="{SIZE}">',
        f'<text x="{width / 2}" y="20" font-size="13" fill="{TITLE}" text-anchor="middle">{escape(title)}</text>',
        f'<path d="M{MARGIN} {rule}H{width - MARGIN}" stroke="{BORDER}" stroke-dasharray="4 4"/>',
        f'<rect x="{width / 2 - 5 * len(end)}" y="{rule - 8}" width="{10 * len(end)}" height="16" fill="{GROUND}"/>',
        f'<text x="{width / 2}" y="{rule + 4}" font-size="13" fill="{TITLE}" text-anchor="middle">{escape(end)}</text>']
    for number, row in enumerate(shown):
        lines += texts(row, HEAD + 8 + LINE * number + SIZE)
    for number, row in enumerate(left):
        lines += texts(row, rule + LINE / 2 + LINE * number + SIZE)
    return "\n".join([*lines, "</g>", "</svg>", ""])


def texts(row, y):
    """A row as pieces of one colour, each told its width, so that columns stay columns in any font."""
    start = 0
    for is_dimmed, group in groupby(row, key=lambda cell: cell[1]):
        piece = "".join(character for character, _ in group)
        for match in PIECE.finditer(piece):
            color = DIM if is_dimmed else PROMPT if start == 0 and match[0] == "$" else TEXT
            yield (f'<text x="{MARGIN + (start + match.start()) * CELL:.2f}" y="{y}" fill="{color}" '
                   f'textLength="{len(match[0]) * CELL:.2f}" lengthAdjust="spacingAndGlyphs">{escape(match[0])}</text>')
        start += len(piece)


if __name__ == "__main__":
    draw(*sys.argv[1:])
