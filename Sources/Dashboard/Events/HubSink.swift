import Pipelines

/// Takes a run's results to whoever looks: into the figures and to the viewers. Never waits.
final class HubSink: ResultSink {
    private let hub: EventHub
    private let book: RunBook
    private var writer = ResultLineWriter()

    init(hub: EventHub, book: RunBook) {
        self.hub = hub
        self.book = book
    }

    func receive(_ result: SampleResult) {
        book.record(result)
        hub.publish(.result, writer.line(of: result).dropLast())
    }

    func notice(_ line: String) { hub.publish(.notice, Notice(text: line).json) }

    func finish() {}
}

/// A line for a person.
private struct Notice: Encodable {
    let text: String
}
