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

    func finish() {}
}
