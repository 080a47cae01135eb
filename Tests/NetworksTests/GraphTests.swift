import Networks
import Testing

@Suite struct GraphTests {
  static let graph = Graph(
    network: .resNetCIFAR(depth: 8), configuration: .init(batch: 2, height: 9, width: 7))

  @Test func rewritingMovesNoPersistentSlot() {
    let plain = Self.graph
    let fused = plain.rewritten(as: plain.network.fusingBatchNorm())
    #expect(fused.parameters == plain.parameters)
    #expect(fused.states == plain.states)
    #expect(
      [fused.images, fused.labels, fused.losses] == [plain.images, plain.labels, plain.losses])
    #expect(fused.operations(.forward).count < plain.operations(.forward).count)
  }

  /// Every gradient slot is overwritten by its first writer and only accumulated into after that.
  @Test(arguments: [false, true]) func firstGradientWriteOverwrites(fused: Bool) {
    let graph = fused ? Self.graph.rewritten(as: Self.graph.network.fusingBatchNorm()) : Self.graph
    var written: Set<Slot> = []
    var accumulated = 0
    for op in graph.operations(.forward) + graph.operations(.backward) {
      for slot in op.writes where graph[slot].role == .activationGradient {
        let accumulates = op.reads.contains(slot)
        #expect(accumulates == written.contains(slot), "\(op.name) of \(graph[slot].name)")
        accumulated += accumulates ? 1 : 0
        written.insert(slot)
      }
    }
    #expect(accumulated == 3, "each of the three blocks' inputs has two readers")
  }

  @Test func everyValueIsWrittenBeforeItIsRead() {
    let graph = Self.graph
    for phases in [[Graph.Phase.forward, .backward, .update], [.evaluate]] {
      var written: Set<Slot> = []
      for op in phases.flatMap(graph.operations) {
        for slot in op.reads where !graph[slot].isPersistent {
          #expect(written.contains(slot), "\(op.name) reads \(graph[slot].name)")
        }
        written.formUnion(op.writes)
      }
    }
  }

  @Test func imagesHaveNoGradient() {
    #expect(!Self.graph.slots.contains { $0.name == "gradient of images" })
  }

  @Test func description() {
    var network = Network(name: "tiny", imageChannels: 1)
    var x = network.addConvolutionBatchNorm("conv1", "bn1", network.images, channels: 4)
    x = network.add(.relu, "relu", x)
    x = network.add(.globalAveragePool, "avgpool", x)
    _ = network.add(.linear(outputs: 2), "fc", x)
    let graph = Graph(
      network: network.fusingBatchNorm(), configuration: .init(batch: 100, height: 12, width: 12))
    #expect(
      graph.description == """
        phase     operation                     result                    shape         kB  MFLOP
        forward   convolution                   conv1                     100×4×12×12  231    1.0
        forward   batch norm + relu             bn1                       100×4×12×12  231
        forward   global average pool           avgpool                   100×4          2
        forward   linear                        fc                        100×2          1    0.0
        forward   cross-entropy + backward      losses                    100            2
        backward  linear backward               gradient of avgpool       100×4          2    0.0
        backward  global average pool backward  gradient of bn1           100×4×12×12  231
        backward  batch norm backward + relu    gradient of conv1         100×4×12×12  231
        backward  convolution backward filter   gradient of conv1.weight  4×1×3×3        1    1.0
        update    sgd                           conv1.weight              4×1×3×3        1
        update    sgd                           bn1.weight                4              1
        update    sgd                           bn1.bias                  4              1
        update    sgd                           fc.weight                 2×4            1
        update    sgd                           fc.bias                   2              1
        evaluate  convolution                   conv1, evaluated          100×4×12×12  231    1.0
        evaluate  batch norm inference + relu   bn1, evaluated            100×4×12×12  231
        evaluate  global average pool           avgpool, evaluated        100×4          2
        evaluate  linear                        logits                    100×2          1    0.0
        evaluate  cross-entropy                 losses                    100            1
        """)
  }
}
