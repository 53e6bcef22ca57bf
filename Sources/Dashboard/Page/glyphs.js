// The mark of each outcome: told apart by form as well as by colour, the same in charts and in lists.

const SHAPES = {
  met: { path: "M-1-6h2v12h-2z", filled: true },
  late: { path: "M0-5L5 4H-5z", filled: true },
  expired: { path: "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z" },
  superseded: { path: "M0-5L5 0L0 5L-5 0z" },
  lost: { path: "M-4-4h8v8h-8z" },
  failed: { path: "M-4-4L4 4M4-4L-4 4" },
};

const paths = new Map(Object.entries(SHAPES).map(([outcome, shape]) => [outcome, new Path2D(shape.path)]));

export function glyph(context, outcome, x, y, colors, scale = 1) {
  const path = paths.get(outcome);
  if (!path) return;
  context.save();
  context.translate(x, y);
  context.scale(scale, scale);
  if (SHAPES[outcome].filled) {
    context.fillStyle = colors[outcome];
    context.fill(path);
  } else {
    context.strokeStyle = colors[outcome];
    context.lineWidth = 1.8;
    context.stroke(path);
  }
  context.restore();
}

export function glyphElement(outcome) {
  const name = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(name, "svg");
  const path = document.createElementNS(name, "path");
  svg.setAttribute("viewBox", "-7 -7 14 14");
  svg.setAttribute("class", `glyph ${outcome}${SHAPES[outcome].filled ? " filled" : ""}`);
  svg.setAttribute("aria-hidden", "true");
  svg.dataset.outcome = outcome;
  path.setAttribute("d", SHAPES[outcome].path);
  svg.append(path);
  return svg;
}
