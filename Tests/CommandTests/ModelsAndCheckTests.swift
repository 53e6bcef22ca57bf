import Foundation
import Testing

@Suite(.enabled(if: Installed.isComplete, Installed.missing))
struct ModelsAndCheckTests {
    @Test func theSixRecognizersAreListedAndSound() throws {
        let list = try HeedProcess.run(["models", "list"])
        let verify = try HeedProcess.run(["models", "verify"])
        #expect(list.status == 0 && verify.status == 0)
        for size in 0...2 {
            for precision in ["fp32", "int8"] {
                #expect(list.output.contains("efficientnet-lite\(size)-\(precision)"))
                #expect(verify.output.contains("efficientnet-lite\(size)-\(precision): sound"))
            }
        }
    }

    @Test func eachBundleIsListedUnderWhatItIsForInEightyColumns() throws {
        let list = try HeedProcess.run(["models", "list"])
        #expect(list.status == 0)
        #expect(list.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
        let tables = list.output.split(separator: "\n\n").map { $0.split(separator: "\n") }
        for name in try FileManager.default.contentsOfDirectory(atPath: Installed.folder + "/models") {
            let text = try Data(contentsOf: URL(fileURLWithPath: "\(Installed.folder)/models/\(name)/model.json"))
            let manifest = try #require(try JSONSerialization.jsonObject(with: text) as? [String: Any])
            let purpose = try #require(manifest["task"] as? String).replacing("-", with: " ")
            let table = try #require(tables.first { $0[0].hasPrefix(purpose) })
            let row = try #require(table.first { $0.hasPrefix(name + " ") })
            guard let accuracy = manifest["accuracy"] as? [String: Any],
                let errors = accuracy["wordErrorRate"] as? Double, let words = accuracy["words"] as? Int
            else { continue }
            #expect(table[0].contains("  word errors %  of words  "))
            let stated = [String(format: "%.1f", errors * 100), "\(words)"]
            #expect(row.split(separator: " ").map(String.init).suffix(4).prefix(2) == stated[...])
        }
    }

    @Test func aSpeechRecognizerIsListedWithItsLanguagesAndStatedWordErrors() throws {
        let scratch = try ScratchFolder()
        let languages = #""en": 61, "de": 62, "fr": 63, "es": 64, "it": 65"#
        try scratch.addWhisper("large", languages: languages, accuracy: "")
        try scratch.addWhisper("small", languages: #""en": 61, "de": 62"#, accuracy: "0.125")
        try scratch.addWhisper("tiny", languages: "", accuracy: "1.5")
        let environment = ["XDG_DATA_HOME": scratch.path]
        let list = try HeedProcess.run(["models", "list"], environment: environment)
        #expect(
            list.output == """
                speech recognition  languages  word errors %  of words  licence   MB
                large                       5              –         –      MIT  0.0
                small                   de en           12.5        40      MIT  0.0
                tiny                       en          150.0        40      MIT  0.0

                """)
        let long = try HeedProcess.run(["models", "list", "--long"], environment: environment)
        #expect(long.output.contains("\n  languages  de en es fr it\n"))
        #expect(long.output.contains("\n  measured   by hand\n"))
    }

    @Test func aValidPipelineFileChecksAndAWrongOneNamesFileLineAndKey() throws {
        let scratch = try ScratchFolder()
        let good = try scratch.write("goal: { deadline: 50ms }\n", to: "good.yaml")
        let bad = try scratch.write("goal:\n  dedline: 50ms\n", to: "bad.yaml")
        #expect(try HeedProcess.run(["check", good]).status == 0)
        let run = try HeedProcess.run(["check", bad])
        #expect(run.status == 1)
        #expect(run.errors.contains("bad.yaml:2: goal.dedline: unknown key; did you mean `deadline`?"))
    }

    @Test func moreThreadsThanCoresAreSaid() throws {
        let scratch = try ScratchFolder()
        let many = try scratch.write("settings:\n  threads: [1, 256]\n", to: "many.yaml")
        let checked = try HeedProcess.run(["check", many])
        #expect(checked.status == 0)
        #expect(checked.errors.contains("256 threads: this process may use "), "\(checked.errors)")
        let one = try scratch.write("settings:\n  threads: 1\n", to: "one.yaml")
        #expect(try HeedProcess.run(["check", one]).errors.isEmpty)
    }

    @Test func whatAPipelineAsksForAndIsNotHereIsFoundByCheck() throws {
        let scratch = try ScratchFolder()
        func check(_ text: String) throws -> HeedProcess.Result {
            try HeedProcess.run(["check", try scratch.write(text, to: "p.yaml")])
        }
        let nothing = try check("settings: { processors: [cpu], precision: [fp16] }\n")
        #expect(nothing.status == 1)
        #expect(nothing.errors.contains("p.yaml: cpu: does not compute in fp16. It computes in "), "\(nothing.errors)")
        let some = try check("settings: { processors: [cpu], precision: [fp32, int4] }\n")
        #expect(some.status == 1 && some.errors.contains("p.yaml:1"), "\(some.errors)")
        let second = try check("settings: { processors: [cpu], precision: [fp32, fp16] }\n")
        #expect(second.status == 0 && second.output.hasSuffix("p.yaml: valid\n"), "\(second.errors)")
        #expect(second.errors.contains("p.yaml: fp16 is left out: "), "\(second.errors)")
    }

    @Test(.enabled(if: !FileManager.default.fileExists(atPath: "/sys/class/powercap/intel-rapl:0"), "RAPL is here"))
    func aMeterThatIsNotHereIsFoundByCheck() throws {
        let scratch = try ScratchFolder()
        let run = try HeedProcess.run(["check", try scratch.write("energy: { meter: rapl }\n", to: "p.yaml")])
        #expect(run.status == 1)
        #expect(run.errors.contains("p.yaml: energy meter `rapl`: "), "\(run.errors)")
    }

    @Test func everyCommandHasHelp() throws {
        for command in [[], ["replay"], ["profile"], ["models"], ["models", "build"], ["check"], ["devices"]] {
            let run = try HeedProcess.run(command + ["--help"])
            #expect(run.status == 0)
            #expect(run.output.contains("USAGE"))
        }
    }
}

extension ScratchFolder {
    /// Puts the manifest of a Whisper where bundles are listed from, as far as a list needs it.
    ///
    /// - Parameters:
    ///   - languages: Its languages and their tokens, in JSON.
    ///   - accuracy: The word error rate that it states; empty for none.
    fileprivate func addWhisper(_ name: String, languages: String, accuracy: String) throws {
        let folder = "heed/models/\(name)"
        try FileManager.default.createDirectory(atPath: path(folder), withIntermediateDirectories: true)
        let digest = String(repeating: "0", count: 64)
        let stated =
            accuracy.isEmpty
            ? "" : #", "accuracy": {"wordErrorRate": \#(accuracy), "words": 40, "measured": "by hand"}"#
        try write(
            """
            {"format": "heed-model/1", "name": "\(name)", "kind": "whisper", "task": "speech-recognition",
             "family": "\(name)", "precision": "fp32", "license": "MIT", "recipe": 1,
             "origin": {"package": "p", "version": "0", "file": "w", "sha256": "\(digest)"},
             "files": {"encoder.onnx": "\(digest)", "decoder.onnx": "\(digest)", "vocabulary.bin": "\(digest)"},
             "encoder": "encoder.onnx", "decoder": "decoder.onnx", "vocabulary": "vocabulary.bin",
             "network": {
               "layers": 4, "heads": 6, "headSize": 64, "vocabulary": 100, "positions": 448, "frames": 3000,
               "tokens": {"end": 50, "start": 51, "transcribe": 54, "previous": 55, "noSpeech": 56,
                          "noTimestamps": 57, "firstTimestamp": 58},
               "languages": {\(languages)}, "suppressed": [], "suppressedAtStart": []
             }\(stated)}
            """, to: folder + "/model.json")
    }
}
