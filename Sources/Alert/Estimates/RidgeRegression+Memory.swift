/// What was learned as plain numbers, and back from numbers that may be damaged.
extension RidgeRegression {
    /// A⁻¹, column by column.
    var inverseNumbers: [Double] { inverse.flatMap { column in (0..<8).map { column[$0] } } }
    /// b.
    var momentNumbers: [Double] { (0..<8).map { moments[$0] } }

    /// Goes on from 64 and 8 numbers; nil where no observations lead to them: A⁻¹ is symmetric, and its eigenvalues lie
    /// from 0 to 1 / λ.
    init?(inverse: [Double], moments: [Double], stiffness: Double) {
        // What rounding comes to over millions of observations is no damage.
        let tolerance = 1e-6
        let largest = (1 + tolerance) / stiffness
        for row in 0..<8 {
            for column in 0..<row {
                guard abs(inverse[row * 8 + column] - inverse[column * 8 + row]) <= tolerance * largest else {
                    return nil
                }
            }
        }
        func shifted(_ sign: Double, by shift: Double) -> [Double] {
            inverse.indices.map { sign * inverse[$0] + ($0 % 9 == 0 ? shift : 0) }
        }
        guard Self.isPositive(shifted(1, by: tolerance * largest)), Self.isPositive(shifted(-1, by: largest)) else {
            return nil
        }
        self.init(inverse: inverse, moments: moments, largest: 1 / stiffness)
    }

    /// Whether all eigenvalues of a symmetric matrix are above 0: whether Cholesky's method comes to its end.
    private static func isPositive(_ matrix: [Double]) -> Bool {
        var lower = matrix
        for column in 0..<8 {
            let diagonal = (0..<column).reduce(matrix[column * 9]) {
                $0 - lower[column * 8 + $1] * lower[column * 8 + $1]
            }
            guard diagonal > 0 else { return false }
            lower[column * 9] = diagonal.squareRoot()
            for row in column + 1..<8 {
                let rest = (0..<column).reduce(matrix[row * 8 + column]) {
                    $0 - lower[row * 8 + $1] * lower[column * 8 + $1]
                }
                lower[row * 8 + column] = rest / lower[column * 9]
            }
        }
        return true
    }
}
