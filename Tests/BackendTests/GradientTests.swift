import Networks
import Tensors
import TestSupport
import Testing

/// The graph's backward operations against differences of its forward ones, in `Double`.
///
/// Backends are held against the reference (`CPUBackendTests`), the reference against this. ReLU has
/// no derivative at 0: with the seeds of the cases no value comes within a step of it.
@Suite struct GradientTests {
  @Test(arguments: OpCase.all) func everyParameter(of testCase: OpCase) throws {
    for graph in testCase.graphs {
      let program = ReferenceProgram(graph)
      testCase.prepare(program, graph)
      program.run(.forward)
      program.run(.backward)
      let step = 1e-5
      for parameter in graph.parameters {
        let gradient = program[parameter.gradient]
        let scale = gradient.map(abs).max() ?? 0
        #expect(gradient.count == graph[parameter.values].shape.count)
        var stream = RandomStream(seed: 3, purpose: .test, index: UInt64(parameter.values.index))
        let positions =
          gradient.count <= 12
          ? Array(gradient.indices)
          : (0..<12).map { _ in stream.nextInteger(below: gradient.count) }
        for position in positions {
          let value = program[parameter.values][position]
          func loss(at value: Double) -> Double {
            program[parameter.values][position] = value
            program.run(.forward)
            return program.meanLoss
          }
          let difference = (loss(at: value + step) - loss(at: value - step)) / (2 * step)
          program[parameter.values][position] = value
          #expect(
            abs(difference - gradient[position]) <= 1e-6 * max(scale, 0.01),
            "\(graph[parameter.values].name)[\(position)]: \(gradient[position]), not \(difference)"
          )
        }
      }
    }
  }

  /// What is not trained does not reach the loss: a batch norm's shift of its input.
  @Test func biasBeforeBatchNormHasNoGradient() {
    let testCase = OpCase("shift", batch: 4) { network, x in
      let y = network.addConvolutionBatchNorm("a", "bn1", x, channels: 3)
      return network.add(.batchNorm(addsResidual: false, activation: .identity), "bn2", y)
    }
    let graph = testCase.graphs[0]
    let program = ReferenceProgram(graph)
    testCase.prepare(program, graph)
    program.run(.forward)
    program.run(.backward)
    for parameter in graph.parameters where graph[parameter.values].name == "bn1.bias" {
      #expect(program[parameter.gradient].allSatisfy { abs($0) < 1e-12 })
    }
  }
}
