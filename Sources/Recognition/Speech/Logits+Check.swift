extension Logits {
    /// The logarithm of the sum of the exponentials of all scores, which must be a number.
    ///
    /// - Throws: `.inferenceFailed`, which names the folder of the bundle that gave the scores.
    func finiteLogSum(of bundle: ModelBundle) throws(RecognitionError) -> Float {
        let sum = logSum()
        guard sum.isFinite else {
            throw RecognitionError(
                .inferenceFailed,
                "\(bundle.directory): the model gave scores that are no numbers. Run `heed models verify`.")
        }
        return sum
    }
}
