import Alert
import Foundation
import Testing
import Units

@Suite struct ProfileTests {
    private let profile = Profile(
        machine: ["cpu": "Xeon", "cores": "2"], models: ["small": "aa", "large": "bb"], energySource: "estimated",
        idlePower: Watts(3), candidates: CandidateProfile.sizes)

    @Test func `A profile survives its file`() throws {
        let data = try JSONEncoder().encode(profile)
        #expect(try JSONDecoder().decode(Profile.self, from: data) == profile)
        let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(object["format"] as? String == "heed-profile/2")
        #expect(object["energy_source"] as? String == "estimated")
        #expect(object["idle_power_w"] as? Double == 3)
    }

    @Test func `The machine and models it was measured on fit`() {
        #expect(profile.differences(from: (profile.machine, profile.models)).isEmpty)
    }

    @Test func `A recognizer that only one side knows is no difference`() {
        #expect(profile.differences(from: (profile.machine, ["small": "aa"])).isEmpty)
        #expect(profile.differences(from: (profile.machine, ["small": "aa", "new": "cc"])).isEmpty)
    }

    @Test func `Another processor is named with both`() {
        let differences = profile.differences(from: (["cpu": "Atom", "cores": "2"], profile.models))
        #expect(differences == ["cpu: measured with Xeon, here is Atom"])
    }

    @Test func `A changed model is named`() {
        let differences = profile.differences(from: (profile.machine, ["small": "ax"]))
        #expect(differences.count == 1)
        #expect(differences.first?.hasPrefix("small: the model has changed") == true)
    }

    @Test func `What is known on one side only is named`() {
        let differences = profile.differences(from: (["cpu": "Xeon", "onnxruntime": "1.2"], [:]))
        #expect(
            differences == [
                "cores: measured with 2, not known here", "onnxruntime: not noted when measured, here is 1.2",
            ])
    }

    @Test func `Names and words are as results show them`() {
        let candidate = Candidate(recognizer: "efficientnet-lite2-fp32", setting: Setting(threads: 2))
        #expect(candidate.name == "efficientnet-lite2-fp32@cpu-2t")
        #expect(candidate.setting.words == "2 threads")
        #expect(Setting(threads: 1).words == "1 thread")
        #expect(Setting(processor: "cuda", threads: 1).words == "cuda, 1 thread")
    }
}
