import Testing
import Training

@testable import anneal

@Suite struct WriteRecipeTests {
  @Test func writesWhatTrainReads() throws {
    let folder = try TemporaryFolder()
    let file = "\(folder.path)/recipe.json"
    let words = [
      "recipe", "--epochs", "3", "--network", "resnet20", "--batch", "64", "--seed", "5",
      "--order", "sequential", "--early-stop", "patience=2", "lr=onecycle(peak=0.4)",
    ]
    let test = TestConsole()
    #expect(CommandLineTool().run(words + ["-o", file], console: test.console) == .done)
    #expect(test.output.isEmpty)
    let recipe = try Recipe(path: file)
    #expect((recipe.network, recipe.epochs, recipe.batch, recipe.seed) == ("resnet20", 3, 64, 5))
    #expect(recipe.callbacks.map(\.description) == ["early-stop=patience=2"])
    let printed = TestConsole()
    #expect(CommandLineTool().run(words, console: printed.console) == .done)
    #expect(try folder.text("recipe.json") == printed.output)
    #expect(TestConsole().run("recipe", "lr=0.1") == .usage)
    #expect(TestConsole().run("recipe", "--epochs", "1", "lr=x") == .usage)
  }
}
