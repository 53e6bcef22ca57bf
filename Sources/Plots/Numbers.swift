extension Double {
    /// The number with so many decimals, rounded half away from zero. The same wherever it runs.
    public func fixed(_ places: Int) -> String {
        guard abs(self) < 1e12 else { return isNaN ? "–" : self < 0 ? "−∞" : "∞" }
        let scale = (0..<places).reduce(1.0) { scale, _ in scale * 10 }
        let scaled = Int((abs(self) * scale).rounded())
        let sign = self < 0 && scaled > 0 ? "-" : ""
        guard places > 0 else { return sign + String(scaled) }
        let fraction = String(scaled % Int(scale))
        return "\(sign)\(scaled / Int(scale)).\(String(repeating: "0", count: places - fraction.count))\(fraction)"
    }

    /// As many decimals as a step of this size needs.
    public var decimals: Int {
        var (step, places) = (self, 0)
        while step < 0.999, places < 6 { (step, places) = (step * 10, places + 1) }
        return places
    }
}

extension String {
    /// The text within XML or HTML.
    public var escaped: String {
        replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}
