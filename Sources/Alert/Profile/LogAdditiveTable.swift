import Glibc

/// Completes a table of positive figures of which some cells are known: each is the product of its row's and its
/// column's factor.
///
/// log y = μ + r(row) + c(column), fitted by least squares over the known cells. That is how times lie where a setting
/// makes every recogniser faster by about as much; the idea of measuring few and inferring the rest is that of
/// collaborative filtering for schedulers (Delimitrou and Kozyrakis, *Paragon*, ASPLOS 2013).
public struct LogAdditiveTable: Sendable {
    private let rowEffects: [Double]
    private let columnEffects: [Double]

    /// Fits the known cells, `nil` being unknown. O((rows + columns)³).
    ///
    /// - Throws: `AlertError` with code `invalidProfile` when a figure is not above 0, or when the known cells do not
    ///   connect every row with every column, so that nothing tells how they compare.
    public init(_ cells: [[Double?]]) throws(AlertError) {
        let rows = cells.count
        let columns = cells.map(\.count).max() ?? 0
        var known: [(row: Int, column: Int, logarithm: Double)] = []
        for (row, values) in cells.enumerated() {
            for (column, value) in values.enumerated() {
                guard let value else { continue }
                guard value > 0, value.isFinite else {
                    throw AlertError(.invalidProfile, "a figure of \(value) cannot be estimated from; expected above 0")
                }
                known.append((row, column, log(value)))
            }
        }
        let parts = Self.parts(known.map { ($0.row, rows + $0.column) }, count: rows + columns)
        guard parts == 1 else {
            throw AlertError(
                .invalidProfile,
                "too few cells are measured to estimate the rest: they fall into \(parts) parts that share no "
                    + "recogniser and no setting; measure one recogniser with all settings, and all with one setting")
        }
        // Normal equations; the first row's effect is that of the whole, hence fixed at 0.
        let count = rows + columns
        var matrix = [[Double]](repeating: [Double](repeating: 0, count: count + 1), count: count)
        for (row, column, logarithm) in known {
            let place = rows + column
            matrix[row][row] += 1
            matrix[place][place] += 1
            matrix[row][place] += 1
            matrix[place][row] += 1
            matrix[row][count] += logarithm
            matrix[place][count] += logarithm
        }
        matrix[0] = [Double](repeating: 0, count: count + 1)
        matrix[0][0] = 1
        let effects = Self.solved(matrix)
        rowEffects = Array(effects[..<rows])
        columnEffects = Array(effects[rows...])
    }

    /// The figure that belongs into a cell.
    public subscript(row: Int, column: Int) -> Double { exp(rowEffects[row] + columnEffects[column]) }

    /// By which share the figure of each of these known cells is missed when it is left out, in their order: 0.1 for
    /// one estimated 10 % too high or too low. A cell without which the others do not connect is left out of the
    /// answer.
    public static func leaveOutErrors(
        of cells: [[Double?]], at places: [(row: Int, column: Int)]
    ) -> [Double] {
        places.compactMap { row, column in
            guard let value = cells[row][column] else { return nil }
            var others = cells
            others[row][column] = nil
            guard let table = try? LogAdditiveTable(others) else { return nil }
            return exp(abs(log(table[row, column] / value))) - 1
        }
    }

    /// Into how many unconnected parts the edges leave so many nodes.
    private static func parts(_ edges: [(Int, Int)], count: Int) -> Int {
        var parents = Array(0..<count)
        func root(_ node: Int) -> Int {
            var node = node
            while parents[node] != node { node = parents[node] }
            return node
        }
        for (first, second) in edges { parents[root(first)] = root(second) }
        return parents.indices.count { parents[$0] == $0 }
    }

    /// Solves linear equations, the right-hand side being the last column; Gaussian elimination with pivots.
    private static func solved(_ equations: [[Double]]) -> [Double] {
        var matrix = equations
        let count = matrix.count
        for column in 0..<count {
            let pivot = (column..<count).max { abs(matrix[$0][column]) < abs(matrix[$1][column]) } ?? column
            matrix.swapAt(column, pivot)
            for row in 0..<count where row != column && matrix[row][column] != 0 {
                let factor = matrix[row][column] / matrix[column][column]
                for place in column...count { matrix[row][place] -= factor * matrix[column][place] }
            }
        }
        return (0..<count).map { matrix[$0][count] / matrix[$0][$0] }
    }
}
