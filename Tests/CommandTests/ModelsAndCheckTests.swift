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

    @Test func aValidPipelineFileChecksAndAWrongOneNamesFileLineAndKey() throws {
        let scratch = try ScratchFolder()
        let good = try scratch.write("goal: { deadline: 50ms }\n", to: "good.yaml")
        let bad = try scratch.write("goal:\n  dedline: 50ms\n", to: "bad.yaml")
        #expect(try HeedProcess.run(["check", good]).status == 0)
        let run = try HeedProcess.run(["check", bad])
        #expect(run.status == 1)
        #expect(run.errors.contains("bad.yaml:2: goal.dedline: unknown key; did you mean `deadline`?"))
    }

    @Test func everyCommandHasHelp() throws {
        for command in [[], ["replay"], ["profile"], ["models"], ["models", "build"], ["check"]] {
            let run = try HeedProcess.run(command + ["--help"])
            #expect(run.status == 0)
            #expect(run.output.contains("USAGE"))
        }
    }
}
