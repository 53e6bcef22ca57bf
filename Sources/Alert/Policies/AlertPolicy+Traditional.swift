extension AlertPolicy.Variant {
    /// ALERT among the recognisers that answer once: `alert-traditional` (the paper's ALERT-DNN).
    static let traditional = restricted("alert-traditional") { candidates in set(of: candidates) { !$0.isAnytime } }
}
