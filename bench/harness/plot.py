"""The plot: what the candidates take and yield, and which is chosen under which deadline."""

COLORS = {
    "efficientnet-lite0-int8": "#9ecae1", "efficientnet-lite0-fp32": "#3182bd",
    "efficientnet-lite1-int8": "#a1d99b", "efficientnet-lite1-fp32": "#31a354",
    "efficientnet-lite2-int8": "#fdae6b", "efficientnet-lite2-fp32": "#e6550d",
    "none": "#cccccc",
}
WIDTH, HEIGHT = 880, 360
TOP, BOTTOM = 50, 290
LEFT_PANEL, RIGHT_PANEL = (60, 400), (470, 680)


def svg(raw):
    """The picture as SVG."""
    body = [*_scatter(raw["candidates"]), *_stacks(raw["shares"]), *_legend(raw)]
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>', *body, "</svg>", ""])


def _scatter(candidates):
    first, last = LEFT_PANEL
    longest = max(candidate["median_ms"] for candidate in candidates) * 1.08
    lowest, highest = 0.88, 0.92
    lowest = min([lowest, *(candidate["top1"] - 0.005 for candidate in candidates)])
    highest = max([highest, *(candidate["top1"] + 0.005 for candidate in candidates)])

    def x(time):
        return first + (last - first) * time / longest

    def y(top1):
        return BOTTOM - (BOTTOM - TOP) * (top1 - lowest) / (highest - lowest)

    yield _text((first + last) / 2, 28, "time and expected top-1 of each candidate", size=14)
    yield _text((first + last) / 2, BOTTOM + 40, "one inference, median, ms (ring: 1 thread, dot: 2 or more)")
    yield from _axes(first, last)
    for time in range(0, int(longest) + 1, 5):
        yield _text(x(time), BOTTOM + 18, time)
    for percent in range(round(lowest * 100 + 0.5), int(highest * 100) + 1):
        yield f'<line x1="{first}" x2="{last}" y1="{y(percent / 100):.1f}" y2="{y(percent / 100):.1f}" stroke="#eee"/>'
        yield _text(first - 8, y(percent / 100) + 4, f"{percent} %", anchor="end")
    for candidate in candidates:
        color = COLORS.get(candidate["recognizer"], "#666")
        fill = "white" if candidate["threads"] == 1 else color
        yield (f'<circle cx="{x(candidate["median_ms"]):.1f}" cy="{y(candidate["top1"]):.1f}" r="6" fill="{fill}" '
               f'stroke="{color}" stroke-width="3"/>')


def _stacks(shares):
    first, last = RIGHT_PANEL
    step = (last - first) / len(shares)
    yield _text((first + last) / 2, 28, "who is chosen", size=14)
    yield _text((first + last) / 2, BOTTOM + 40, "deadline, ms")
    yield from _axes(first, last)
    for share in (0, 0.5, 1):
        yield _text(first - 8, BOTTOM - share * (BOTTOM - TOP) + 4, f"{share:.0%}".replace("%", " %"), anchor="end")
    for number, (deadline, parts) in enumerate(shares.items()):
        left, bottom = first + number * step + 2, BOTTOM
        yield _text(left + step / 2 - 2, BOTTOM + 18, deadline)
        for name in COLORS:
            height = parts.get(name, 0) * (BOTTOM - TOP)
            bottom -= height
            if height:
                yield (f'<rect x="{left:.1f}" y="{bottom:.1f}" width="{step - 4:.1f}" height="{height:.1f}" '
                       f'fill="{COLORS[name]}"/>')


def _legend(raw):
    shown = {candidate["recognizer"] for candidate in raw["candidates"]} | {"none"}
    for number, name in enumerate(name for name in COLORS if name in shown):
        y = TOP + 20 * number
        yield f'<rect x="{RIGHT_PANEL[1] + 24}" y="{y}" width="12" height="12" fill="{COLORS[name]}"/>'
        words = "none was quick enough" if name == "none" else name.removeprefix("efficientnet-")
        yield _text(RIGHT_PANEL[1] + 42, y + 10, words, anchor="start")


def _axes(first, last):
    yield f'<path d="M{first} {TOP}V{BOTTOM}H{last}" fill="none" stroke="#444"/>'


def _text(x, y, words, size=12, anchor="middle"):
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="#222">{words}</text>'
