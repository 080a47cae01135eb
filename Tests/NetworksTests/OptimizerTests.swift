import Testing

@testable import Networks

@Suite struct OptimizerTests {
  @Test(arguments: [
    ("sgd", "sgd"), ("sgd(nesterov)", "sgd(nesterov)"), ("sgd(form=pytorch)", "sgd"),
    (
      "sgd(rate=decoupled, decay=decoupled, form=coupled, nesterov)",
      "sgd(nesterov,form=coupled,decay=decoupled,rate=decoupled)"
    ),
    ("lars(trust=0.01,adapt=all)", "lars(trust=0.01,adapt=all)"), ("adamw", "adamw"),
    ("adamw(epsilon=1e-6)", "adamw(epsilon=1e-06)"),
    ("adamw(epsilon=1e-8,decay=l2)", "adamw(decay=l2)"), ("adamw(epsilon=1)", "adamw(epsilon=1)"),
  ])
  func readsAndPrints(text: String, printed: String) throws {
    let optimizer = try Optimizer(parsing: text)
    #expect(optimizer.description == printed)
    #expect(Optimizer(printed) == optimizer)
    #expect(try Optimizer(parsing: printed) == optimizer)
  }

  @Test(arguments: [
    "sgd(", "sgd()", "sgd(nesterov", "sgd(nesterov,nesterov)", "sgd(nesterov=1)", "sgd(form)",
    "sgd(form=caffe)", "sgd(foo)", "sgd(,)", "sgdx", "sgd nesterov", "",
    "adamw(epsilon=0)", "adamw(epsilon=nan)", "adamw(epsilon=x)", "SGD",
  ])
  func refuses(text: String) { #expect(Optimizer(text) == nil) }

  @Test func saysWhatThereIs() {
    func message(_ text: String) -> String {
      do {
        return try Optimizer(parsing: text).description
      } catch { return error.description }
    }
    #expect(
      message("sgd(nestrov)")
        == "expected sgd(nesterov, form=pytorch|coupled, decay=l2|decoupled, rate=plain|decoupled) "
        + "as optimizer, found 'sgd(nestrov)'")
    #expect(
      message("adam") == "expected \(Optimizer.names.joined(separator: ", ")) as optimizer, "
        + "found 'adam'")
  }

  /// Plain descent is three operations an element, what a kernel of its own would do.
  @Test func plainDescentIsThreeInstructions() throws {
    func count(_ optimizer: String) throws -> [Int] {
      let graph = Graph(
        network: .tiny,
        configuration: .init(
          batch: 1, height: 2, width: 2, optimizer: try Optimizer(parsing: optimizer)))
      return graph.operations(.update).map { op in
        guard case .update(let update) = op else { return 0 }
        return update.rule.instructions.count
      }
    }
    #expect(try count("sgd") == [3, 3])
    #expect(try count("sgd(nesterov)") == [4, 4])
  }

  @Test func scalarFormulas() {
    func value(_ formula: Formula) -> Double { formula.value { _, index in Double(index) } }
    let slot = Slot(index: 0)
    #expect(value(.power(3, 5)) == 243)
    #expect(value(.power(0.5, 0)) == 1)
    #expect(value(.power(2, -1)).isNaN)
    #expect(value(.minimum(2, 3)) == 2)
    #expect(value(.minimum(1, .constant(.nan) / 1)) == 1)
    #expect(value(.sumOfElements(slot, count: 4) - .element(slot, 2)) == 4)
    #expect(value(.whenPositive(0, 1, otherwise: 2)) == 2)
    #expect(value(.whenPositive(0.1, 1 / 4, otherwise: 2)) == 0.25)
    #expect(value(.squareRoot(16) * 2) == 8)
  }
}

extension Network {
  /// A mean and a linear layer.
  static var tiny: Network {
    var network = Network(name: "tiny", imageChannels: 3)
    let x = network.add(.globalAveragePool, "pool", network.images)
    _ = network.add(.linear(outputs: 2), "fc", x)
    return network
  }
}
