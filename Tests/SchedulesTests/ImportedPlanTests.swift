import Foundation
import Schedules
import Testing

@Suite struct ImportedPlanTests {
  @Test(
    arguments: [
      ("tocrh", "OneCycleLR", [:], "unknown library 'tocrh'; did you mean 'torch'?"),
      (
        "torch", "OneCycleLr", [:],
        "unknown class of torch 'OneCycleLr'; did you mean 'OneCycleLR'?"
      ),
      ("torch", "Adam", [:], "unknown class of torch 'Adam'"),
      (
        "torch", "OneCycleLR", ["max_lrr": 1],
        "unknown parameter of torch.OneCycleLR 'max_lrr'; did you mean 'max_lr'?"
      ),
      (
        "fastai", "fit_one_cycle", ["zzz": 1, "lr_mx": 1],
        "unknown parameter of fastai.fit_one_cycle 'lr_mx'; did you mean 'lr_max'?"
      ),
    ] as [(String, String, [String: JSONValue], String)])
  func unknownNamesSuggestTheNearest(
    _ library: String, _ className: String, _ parameters: [String: JSONValue], _ message: String
  ) {
    let error = #expect(throws: ScheduleError.self) {
      try ImportedPlan(library: library, class: className, parameters: parameters)
    }
    #expect(error?.description == message)
  }

  @Test func everySupportedClassIsListedOnce() {
    let names = ImportedPlan.supported
    #expect(Set(names).count == names.count)
    #expect(names.first == "torch.OneCycleLR" && names.last == "dawnbench.piecewiseLinear")
    for golden in ImportCase.all {
      let library = golden.library.hasPrefix("fastai") ? "fastai" : golden.library
      #expect(names.contains("\(library).\(golden.class)"))
    }
  }

  @Test func valuesStandInTheOrderOfThePlan() throws {
    let imported = try ImportedPlan(
      library: "torch", class: "OneCycleLR",
      parameters: ["max_lr": [0.1, 0.2], "total_steps": 5, "optimizer": "sgd", "verbose": false])
    let names = try imported.values(steps: 5).map { [$0.group ?? "", $0.name] }
    #expect(
      names == [
        ["", "learningRate"], ["", "momentum"], ["1", "learningRate"], ["1", "momentum"],
      ])
  }

  @Test func aStatedRunIsFiniteAtAnyLength() throws {
    for total in 1...40 {
      for share in [0, 0.025, 0.1, 0.25, 0.3, 0.5, 0.51, 0.75, 0.99, 1] {
        for isThreePhase in [false, true] {
          let imported = try ImportedPlan(
            library: "torch", class: "OneCycleLR",
            parameters: [
              "max_lr": 0.1, "total_steps": .number(Double(total)), "pct_start": .number(share),
              "three_phase": .boolean(isThreePhase),
            ])
          for entry in try imported.values(steps: total + 3) {
            #expect(entry.values.count == total + 3)
            let bound = entry.name == "momentum" ? 0.95 : 0.1
            #expect(entry.values.allSatisfy { $0 >= 0 && $0 <= bound })
          }
        }
      }
    }
  }

  @Test func jsonValuesReadBack() throws {
    let text = #"{"a":[1,2.5,null],"b":{"c":"d"},"e":true,"f":0,"g":1}"#
    let value = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
    let expected: JSONValue = [
      "a": [1, 2.5, nil], "b": ["c": "d"], "e": true, "f": 0, "g": 1,
    ]
    #expect(value == expected)
    #expect(
      value.description == #"{"a": [1, 2.5, null], "b": {"c": "d"}, "e": true, "f": 0, "g": 1}"#)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    #expect(String(decoding: try encoder.encode(value), as: UTF8.self) == text)
  }
}
