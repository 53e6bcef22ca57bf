import Alert
import ArgumentParser
import Dashboard
import Foundation
import FoundationNetworking
import Pipelines
import Synchronization

/// `heed feedback`: tells a running heed what its newest answer was worth.
struct FeedbackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "feedback",
        abstract: "Tell a running heed whether its newest answer was of use.",
        discussion: """
            The policy `bandit` learns from it. heed must run with --page on the same address.

            Examples:
              heed watch --policy bandit --page
              heed feedback good
            """)

    @Argument(help: "good, or bad.")
    var feedback: Feedback

    @Option(help: "The stream it is about: frames or speech. Default: the only one.")
    var stream: SampleResult.Stream?

    @Option(help: "Where the page is. Default: 127.0.0.1:8077.", transform: pageArgument)
    var page: PageAddress?

    @Option(help: "A file that holds the page's token, where it asks for one.")
    var pageTokenFile: String?

    private struct Body: Encodable {
        let good: Bool
        let stream: String?
    }

    func run() throws {
        let address = page ?? PageAddress()
        guard let url = URL(string: "http://\(address)/api/feedback") else {
            throw ValidationError("--page \(address): is no address")
        }
        var request = URLRequest(url: url, timeoutInterval: 5)
        request.httpMethod = "POST"
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        if let pageTokenFile {
            let token = try PageToken(file: pageTokenFile)
            request.setValue("Bearer \(token.text)", forHTTPHeaderField: "Authorization")
        }
        request.httpBody = try JSONEncoder().encode(Body(good: feedback == .good, stream: stream?.rawValue))
        let answer = try Self.answer(to: request, at: address)
        guard answer.status == 200 else {
            let reason = try? JSONDecoder().decode([String: String].self, from: answer.body)["error"]
            throw PipelinesError(
                .badConfiguration, "\(address): \(reason ?? "the page answered with status \(answer.status)")")
        }
    }

    /// Sends a request and waits for its answer.
    private static func answer(
        to request: URLRequest, at address: PageAddress
    ) throws -> (status: Int, body: Data) {
        let done = DispatchSemaphore(value: 0)
        let result = Mutex<(status: Int, body: Data)?>(nil)
        URLSession.shared.dataTask(with: request) { body, response, _ in
            if let response = response as? HTTPURLResponse {
                result.withLock { $0 = (response.statusCode, body ?? Data()) }
            }
            done.signal()
        }.resume()
        done.wait()
        guard let answer = result.withLock(\.self) else {
            throw PipelinesError(
                .badConfiguration, "\(address): no page answers there; start heed with --page, or name its address")
        }
        return answer
    }
}
