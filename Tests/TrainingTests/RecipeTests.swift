import Datasets
import Foundation
import Networks
import Schedules
import Testing

@testable import Training

@Suite struct RecipeTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func read(_ text: String) throws -> Recipe {
    let path = "\(folder.path)/recipe.json"
    try text.write(toFile: path, atomically: false, encoding: .utf8)
    return try Recipe(path: path)
  }

  @Test func readsBackWhatItWrites() throws {
    var recipe = Toy.recipe(epochs: 7, seed: .max, order: .sequential)
    #expect(try read(recipe.json()) == recipe)
    recipe.threads = 2
    recipe.imageSize = 96
    recipe.skipsBadImages = true
    recipe.optimizer = .nesterov
    recipe.clipNorm = 0.5
    recipe.averaging = try Averaging(parsing: "swa(start=0.5)")
    recipe.accumulation = 4
    recipe.precision = .bfloat16
    recipe.head = .concat
    recipe.activation = .celu
    recipe.initialization = InitializationChoice(zeroesResiduals: true, startsAsIdentity: true)
    recipe.plan = Plan {
      Scheduled(.learningRate, .oneCycle(peak: 0.1))
      Scheduled(.momentum) { Ramp(from: 0.95, to: 0.85) }
    }
    #expect(try read(recipe.json()) == recipe)
    #expect(try recipe.json() == recipe.json())
  }

  @Test func mostCanBeLeftOut() throws {
    let recipe = try read(
      #"{"network": "resnet8", "data": "fashion-mnist", "epochs": 3, "batch": 64, "plan": ["lr=0.1"]}"#
    )
    #expect(
      recipe
        == Recipe(
          network: "resnet8", data: "fashion-mnist", epochs: 3, batch: 64,
          plan: Plan { Scheduled(.learningRate, .constant(0.1)) }))
  }

  @Test(arguments: [
    ("", "expected a recipe in F/recipe.json, found text that is not JSON"),
    ("[]", "expected a recipe in F/recipe.json, found no object"),
    ("{}", "expected a recipe in F/recipe.json, found no network"),
    (
      #"{"network": 1}"#, "expected a recipe in F/recipe.json, found no String at network"
    ),
    (
      #"{"network": "a", "data": "b", "epochs": 3, "batch": 1, "plan": ["lr=0.1"], "sede": 1}"#,
      "expected a recipe in F/recipe.json, found a member 'sede' beside network, head, activation, "
        + "initialization, data, imageSize, skipsBadImages, epochs, batch, seed, threads, order, "
        + "augmentation, testTimeAugmentation, optimizer, clipNorm, accumulation, averaging, "
        + "precision, plan, callbacks"
    ),
    (
      #"{"network": "a", "data": "b", "epochs": 0, "batch": 1, "plan": ["lr=0.1"]}"#,
      "expected 1 to 1000000 as epochs, found 0"
    ),
    (
      #"{"network": "a", "data": "b", "epochs": 1, "batch": -1, "plan": ["lr=0.1"]}"#,
      "expected 1 to 1000000 as batch, found -1"
    ),
    (
      #"{"network": "a", "data": "b", "epochs": 1, "batch": 1, "threads": 0, "plan": ["lr=0.1"]}"#,
      "expected 1 to 1024 as threads, found 0"
    ),
    (
      #"{"network": "a", "data": "b", "epochs": 1, "batch": 1, "imageSize": 0, "plan": ["lr=0.1"]}"#,
      "expected 1 to 4096 as imageSize, found 0"
    ),
    (
      #"{"network": "a", "data": "b", "epochs": 1, "batch": 6, "accumulation": 4, "plan": ["lr=0.1"]}"#,
      "expected a divisor of the batch of 6 as accumulation, found 4"
    ),
    (
      #"{"network": "a", "data": "b", "epochs": 1, "batch": 6, "clipNorm": 0, "plan": ["lr=0.1"]}"#,
      "expected a finite number above 0 as clipNorm, found 0.0"
    ),
    (
      #"{"network": "a", "data": "b", "epochs": 1, "batch": 1, "optimizer": "adam", "plan": []}"#,
      "expected a recipe in F/recipe.json, found expected \(Optimizer.names.joined(separator: ", ")) "
        + "as optimizer, found 'adam'"
    ),
    (
      #"{"network": "a", "data": "b", "epochs": 1, "batch": 1, "augmentation": "spin", "plan": []}"#,
      "expected a recipe in F/recipe.json, found expected none or a list of crop or "
        + "translate (1 to 16), flip or altflip, cutout (1 to 64), mixup and cutmix (up to 2) as "
        + "augmentation, found 'spin' in 'spin'"
    ),
  ])
  func saysWhatIsWrong(text: String, expected: String) {
    #expect(message(hiding: folder.path) { _ = try read(text) } == expected)
  }

  @Test func saysThatAFileIsMissing() {
    #expect(
      message { _ = try Recipe(path: "/nowhere/r.json") }
        == "cannot read /nowhere/r.json: no such file")
  }
}
