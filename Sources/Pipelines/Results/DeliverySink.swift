import Foundation
public import Logging
import Sinks

/// Hands the results that a filter admits to a delivery, as JSON or as captions.
public final class DeliverySink: ResultSink {
    private enum Format {
        /// One JSON object, with a line break behind it where lines are read.
        case json(endsLine: Bool)
        case captions(CaptionText)
    }

    private let name: String
    private let filter: ResultFilter
    private let delivery: Delivery
    private var format: Format
    private var line = JSONLine()
    private var isFinishing = false

    /// Opens a sink of a pipeline, and sends what waited since a run before.
    ///
    /// - Parameters:
    ///   - pipeline: The pipeline's name.
    ///   - logger: Told what a person should know of its far end.
    /// - Throws: `SinksError` where a file, the folder for what waits or a secret cannot be used, and `PipelinesError`
    ///   where captions have no format.
    public init(_ sink: PipelineConfiguration.Sink, pipeline: String?, logger: Logger) throws {
        name = sink.name
        filter = sink.filter
        format = .json(endsLine: false)
        let end: any FarEnd
        switch sink.kind {
        case .lines(let path, let rotation):
            end = try FileEnd(path: path, rotation: rotation)
            format = .json(endsLine: true)
        case .captions(let path):
            var captions = try CaptionText(for: path)
            end = try FileEnd(path: path, head: Array(captions.begin().utf8))
            format = .captions(captions)
        case .command(let command, let timeout):
            end = CommandEnd(command, timeout: timeout)
            format = .json(endsLine: true)
        case .webhook(let options): end = try WebhookEnd(options)
        case .mqtt(var options, let discovery):
            if let discovery {
                options.announcements = HomeAssistant.announcements(
                    prefix: discovery, topic: options.topic, availability: options.availability,
                    device: pipeline ?? options.topic)
            }
            end = try MQTTEnd(options)
        }
        var spool: Spool?
        if sink.keepsUnsent {
            spool = try Spool(path: sink.spoolPath ?? SpoolPlace.path(for: sink), limit: sink.spoolSize)
        }
        delivery = Delivery(to: end, name: "sink \(sink.name)", spool: spool, logger: logger.with("sink", sink.name))
    }

    /// Only puts the result where the delivery's thread takes it from.
    public func receive(_ result: SampleResult) {
        guard filter.admits(result) else { return }
        switch format {
        case .json(let endsLine):
            result.write(to: &line)
            let body = endsLine ? line.bytes : line.bytes.dropLast()
            delivery.send(Message(topic: result.stream.rawValue, body: body))
        case .captions(var captions):
            guard let speech = result.speech else { return }
            send(captions.append(speech))
            format = .captions(captions)
        }
    }

    /// The seconds that `finish` waits at most begin here.
    public func prepareToFinish() {
        guard !isFinishing else { return }
        isFinishing = true
        if case .captions(var captions) = format { send(captions.finish()) }
        delivery.beginFinish()
    }

    /// Waits some seconds for what is still to be sent.
    public func finish() {
        prepareToFinish()
        delivery.finish()
    }

    public var report: SinkReport? {
        let counts = delivery.counts
        return SinkReport(
            name: name, sent: counts.sent, waiting: counts.waiting, dropped: counts.dropped, taken: delivery.taken)
    }

    private func send(_ text: String) {
        if !text.isEmpty { delivery.send(Message(body: Array(text.utf8))) }
    }
}
