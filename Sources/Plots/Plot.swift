/// A plot with two axes, drawn as SVG: lines, dots and a legend, for light and dark pages.
public struct Plot: Sendable {
    /// What is drawn over the axes; lines join points in their order.
    public struct Series: Sendable {
        /// What the legend calls it; series of one name share an entry.
        public var name: String
        /// 0 is ink, 1 is grey, others are colours.
        public var color: Int
        /// The points, in order.
        public var points: [(x: Double, y: Double)]
        /// Whether lines join the points.
        public var isLine: Bool
        /// Whether the line is dashed.
        public var isDashed: Bool
        /// Whether each point is a dot.
        public var hasDots: Bool
        /// Whether each value stays until the next point.
        public var isStepped: Bool

        /// Makes a series, of dots unless told otherwise.
        public init(
            name: String, color: Int, points: [(x: Double, y: Double)], isLine: Bool = false, isDashed: Bool = false,
            hasDots: Bool = true, isStepped: Bool = false
        ) {
            self.name = name
            self.color = color
            self.points = points
            self.isLine = isLine
            self.isDashed = isDashed
            self.hasDots = hasDots
            self.isStepped = isStepped
        }
    }

    /// A part of the plot with a vertical axis of its own; panels lie below each other.
    public struct Panel: Sendable {
        /// What the axis measures.
        public var label: String
        /// What it shows.
        public var range: ClosedRange<Double>
        /// What is drawn.
        public var series: [Series]
        /// Words at places of the axis instead of numbers.
        public var words: [(y: Double, text: String)]

        /// Makes a panel.
        public init(
            label: String, range: ClosedRange<Double>, series: [Series], words: [(y: Double, text: String)] = []
        ) {
            self.label = label
            self.range = range
            self.series = series
            self.words = words
        }
    }

    /// What stands above it.
    public var title: String
    /// What the horizontal axis measures.
    public var xLabel: String
    /// What it shows.
    public var xRange: ClosedRange<Double>
    /// The panels, from the top.
    public var panels: [Panel]
    /// The picture's width.
    public var width: Double
    /// The height of each panel.
    public var panelHeight: Double

    /// Makes a plot.
    public init(
        title: String, xLabel: String, xRange: ClosedRange<Double>, panels: [Panel], width: Double = 560,
        panelHeight: Double = 300
    ) {
        self.title = title
        self.xLabel = xLabel
        self.xRange = xRange
        self.panels = panels
        self.width = width
        self.panelHeight = panelHeight
    }

    /// The room for the vertical axes: more where one has words.
    private var left: Double {
        62 + 6.2 * Double(max(0, (panels.flatMap(\.words).map(\.text.count).max() ?? 0) - 5))
    }
    private static let right = 14.0
    private static let gap = 26.0

    /// A range around values, with some room.
    public static func range(_ values: [Double], including more: [Double] = []) -> ClosedRange<Double> {
        let all = (values + more).filter(\.isFinite)
        guard let low = all.min(), let high = all.max() else { return 0...1 }
        let room = high > low ? (high - low) * 0.06 : max(abs(high) * 0.1, 1e-6)
        return (low - room)...(high + room)
    }

    /// Some five round numbers within a range.
    static func ticks(_ range: ClosedRange<Double>) -> (values: [Double], step: Double) {
        let span = range.upperBound - range.lowerBound
        var step = 1.0
        while step > span / 5 { step /= 10 }
        while step * 10 <= span / 5 { step *= 10 }
        for factor in [5.0, 2.0] where step * factor <= span / 4 {
            step *= factor
            break
        }
        let first = (range.lowerBound / step).rounded(.up)
        let last = (range.upperBound / step).rounded(.down)
        return (first <= last ? (Int(first)...Int(last)).map { Double($0) * step } : [], step)
    }

    private func x(_ value: Double) -> Double {
        let share = (value - xRange.lowerBound) / (xRange.upperBound - xRange.lowerBound)
        return left + share * (width - left - Self.right)
    }

    /// The whole picture.
    public func svg() -> String {
        var names: [(name: String, color: Int, isDashed: Bool)] = []
        for series in panels.flatMap(\.series) where !names.contains(where: { $0.name == series.name }) {
            names.append((series.name, series.color, series.isDashed))
        }
        var parts: [String] = []
        // The legend flows below the title.
        var (legendX, legendY) = (left, 42.0)
        for entry in names {
            let wide = 26 + 6.7 * Double(entry.name.count)
            if legendX + wide > width - Self.right, legendX > left {
                (legendX, legendY) = (left, legendY + 17)
            }
            let dash = entry.isDashed ? " stroke-dasharray=\"4 3\"" : ""
            parts.append(
                "<path class=\"l s\(entry.color)\"\(dash) d=\"M\(legendX.fixed(1)) \((legendY - 4).fixed(1))h14\"/>"
                    + "<text x=\"\((legendX + 19).fixed(1))\" y=\"\(legendY.fixed(1))\">\(entry.name.escaped)</text>")
            legendX += wide
        }
        var top = legendY + 16
        for (index, panel) in panels.enumerated() {
            parts.append(svg(panel, top: top, isLast: index == panels.count - 1))
            top += panelHeight + Self.gap
        }
        let height = top + 22
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width.fixed(0)) \(height.fixed(0))" role="img" \
            font-family="system-ui, sans-serif" font-size="12"><title>\(title.escaped)</title>
            <style>\(Self.style)</style>
            <text x="\(left.fixed(0))" y="20" class="t">\(title.escaped)</text>
            \(parts.joined(separator: "\n"))
            <text x="\(((left + width) / 2).fixed(0))" y="\((height - 6).fixed(0))" \
            text-anchor="middle" class="a">\(xLabel.escaped)</text>
            </svg>

            """
    }

    private func svg(_ panel: Panel, top: Double, isLast: Bool) -> String {
        let bottom = top + panelHeight
        func y(_ value: Double) -> Double {
            bottom - (value - panel.range.lowerBound) / (panel.range.upperBound - panel.range.lowerBound) * panelHeight
        }
        var parts: [String] = []
        let ticks = Self.ticks(panel.range)
        let vertical = ticks.values.map { (y: $0, text: $0.fixed(ticks.step.decimals)) }
        for tick in panel.words.isEmpty ? vertical : panel.words {
            let height = y(tick.y)
            parts.append(
                "<path class=\"g\" d=\"M\(left.fixed(1)) \(height.fixed(1))H\((width - Self.right).fixed(1))\"/>"
                    + "<text class=\"a\" x=\"\((left - 6).fixed(1))\" y=\"\((height + 4).fixed(1))\" "
                    + "text-anchor=\"end\">\(tick.text.escaped)</text>")
        }
        let horizontal = Self.ticks(xRange)
        for tick in horizontal.values {
            parts.append(
                "<path class=\"g\" d=\"M\(x(tick).fixed(1)) \(top.fixed(1))V\(bottom.fixed(1))\"/>"
                    + (isLast
                        ? "<text class=\"a\" x=\"\(x(tick).fixed(1))\" y=\"\((bottom + 16).fixed(1))\" "
                            + "text-anchor=\"middle\">\(tick.fixed(horizontal.step.decimals))</text>" : ""))
        }
        parts.append(
            "<text class=\"a\" transform=\"translate(14 \(((top + bottom) / 2).fixed(1))) rotate(-90)\" "
                + "text-anchor=\"middle\">\(panel.label.escaped)</text>")
        for series in panel.series {
            let points = series.points.map { (x: x($0.x), y: y($0.y)) }
            if series.isLine, let first = points.first {
                var path = "M\(first.x.fixed(1)) \(first.y.fixed(1))"
                for point in points.dropFirst() {
                    path +=
                        series.isStepped
                        ? "H\(point.x.fixed(1))V\(point.y.fixed(1))" : "L\(point.x.fixed(1)) \(point.y.fixed(1))"
                }
                let dash = series.isDashed ? " stroke-dasharray=\"4 3\"" : ""
                parts.append("<path class=\"l s\(series.color)\"\(dash) d=\"\(path)\"/>")
            }
            if series.hasDots {
                parts += points.map {
                    "<circle class=\"d s\(series.color)\" cx=\"\($0.x.fixed(1))\" cy=\"\($0.y.fixed(1))\" r=\"3.2\"/>"
                }
            }
        }
        return parts.joined(separator: "\n")
    }

    /// Colours that people with any colour vision tell apart (Okabe and Ito), on white and on near black.
    public static let colors = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8a6fdf", "#7f7f00"]

    private static let style: String = {
        // Not by CSS variables, which programs that are no browsers do not know.
        func rule(_ series: Int, _ color: String) -> String {
            ".l.s\(series){stroke:\(color)}.d.s\(series){fill:\(color)}"
        }
        let colored = colors.enumerated().map { rule($0.offset + 2, $0.element) }.joined()
        return ":root{color-scheme:light dark}text{fill:#222}.a{fill:#666}.t{font-size:14px;font-weight:600}"
            + ".g{stroke:#e4e4e4;fill:none}.l{fill:none;stroke-width:1.7}"
            + rule(0, "#222") + rule(1, "#999") + colored
            + "@media(prefers-color-scheme:dark){text{fill:#ddd}.a{fill:#999}.g{stroke:#333}"
            + rule(0, "#eee") + rule(1, "#888") + rule(2, "#4fa8dc") + "}"
    }()
}
