import Foundation
import Testing

@testable import Training

@Suite struct RecipeCallbackTests {
  @Test(arguments: [
    ("stop-at-accuracy", "0.94"), ("stop-at-accuracy", "94%"), ("early-stop", "patience=3"),
    ("early-stop", "testAccuracy,patience=0,threshold=0.001,ignoring=5"),
  ])
  func readsBackWhatItWrites(name: String, text: String) throws {
    var recipe = Toy.recipe()
    recipe.callbacks = [try RecipeCallback(name: name, text: text)]
    #expect(recipe.callbacks.map(\.description) == ["\(name)=\(text)"])
    #expect(try Recipe(bytes: Array(recipe.json().utf8), path: "F") == recipe)
    #expect(try recipe.json().contains("\"\(name)=\(text)\""))
  }

  @Test(arguments: [
    ("stop-at-accuracy", "0"), ("stop-at-accuracy", "1.1"), ("stop-at-accuracy", "101%"),
    ("stop-at-accuracy", "nan"), ("stop-at-accuracy", ""), ("early-stop", ""),
    ("early-stop", "patience"), ("early-stop", "patience=-1"), ("early-stop", "patience=1.5"),
    ("early-stop", "patience=1,patience=1"), ("early-stop", "accuracy,patience=1"),
    ("early-stop", "patience=1,x=1"), ("early-stop", "testLoss,loss,patience=1"),
    ("early-stop", "patience=1,threshold=inf"), ("early-stop", "patience=1e99"),
  ])
  func refusesOtherTexts(name: String, text: String) throws {
    let entry = try #require(CallbackCatalog.entry(named: name))
    #expect(
      message { _ = try RecipeCallback(name: name, text: text) }
        == "expected \(entry.expected) as \(name), found '\(text)'")
  }

  @Test func saysWhatIsWrongInAFile() throws {
    let start =
      #"{"network": "a", "data": "b", "epochs": 1, "batch": 1, "plan": ["lr=0.1"], "callbacks": "#
    func reason(_ callbacks: String) -> String {
      message { _ = try Recipe(bytes: Array("\(start)\(callbacks)}".utf8), path: "F") }
    }
    #expect(
      reason(#"["early-stop=x"]"#)
        == "expected a recipe in F, found 'x' in place of a rule such as "
        + "testAccuracy,patience=3,threshold=0.001,ignoring=5 for early-stop at callbacks.Index 0")
    #expect(reason(#"["early=x"]"#).contains("'early' in place of stop-at-accuracy, early-stop"))
    #expect(
      reason(#"["early-stop=patience=1", "early-stop=patience=2"]"#)
        == "expected each of them once as callbacks, found early-stop twice")
  }
}
