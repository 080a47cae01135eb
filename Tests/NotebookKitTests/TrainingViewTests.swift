import Datasets
import Networks
import Schedules
import Testing
import Training

@testable import NotebookKit

@Suite struct TrainingViewTests {
  /// Dark and bright images of 8×8 pixels.
  private static func dataset() -> Dataset {
    func split(_ split: ImageDataset.Split, _ count: Int, _ like: Normalization?) -> ImageDataset {
      let pixels = (0..<count * 64).map { place in
        UInt8(truncatingIfNeeded: (place / 64 % 2) * 180 + place &* 37 % 50)
      }
      return ImageDataset(
        name: "toy", split: split, channels: 1, height: 8, width: 8, pixels: pixels,
        labels: (0..<count).map { $0 % 2 }, classNames: ["dark", "bright"], normalization: like)
    }
    let training = split(.training, 64, nil)
    return Dataset(training: training, test: split(.test, 16, training.normalization))
  }

  private static func network() -> Network {
    var network = Network(name: "toy", imageChannels: 1)
    var y = network.addConvolutionBatchNorm("conv", "bn", network.images, channels: 2)
    y = network.add(.relu, "relu", y)
    y = network.add(.globalAveragePool, "pool", y)
    _ = network.add(.linear(outputs: 2), "fc", y)
    return network
  }

  private static func trainer() throws -> Trainer {
    let recipe = Recipe(
      network: "toy", data: "toy", epochs: 2, batch: 16,
      plan: Plan { Scheduled(.learningRate, .constant(0.1)) })
    return try Trainer(
      recipe, dataset: dataset(), network: network(), backend: machineBackend(threads: 1))
  }

  @Test func drawsAtItsPaceAndAtTheEnd() throws {
    var seconds = 0.0
    var shown: [MIMEBundle] = []
    let view = TrainingView(
      "toy", updatesPerSecond: 2, seconds: { seconds }, output: { shown.append($0) })
    let clock = Steps { seconds += 0.25 }
    let result = try Self.trainer().run([clock, view])
    #expect(result.stepCount == 8)
    // Eight steps of a quarter of a second: at the beginning, every other step, at the end.
    #expect(shown.count == 1 + 4 + 1)
    #expect(shown[0]["text/plain"] == "toy: 8 steps")
    let running = try #require(shown[4]["text/plain"])
    #expect(running.hasPrefix("toy: epoch 2 of 2 · step 8 of 8 · loss "))
    #expect(running.contains(" · accuracy ") && running.contains(" · rate 0.1 · 64 images/s · 0 s"))
    #expect(try #require(shown[2]["text/html"]).contains("<svg "))
    #expect(try #require(shown[2]["text/html"]).contains("<script") == false)
    #expect(try #require(shown[5]["text/html"]).contains("<script"))
    #expect(try #require(shown[5]["text/plain"]).hasPrefix("toy: 8 steps, test accuracy "))
    #expect(view.log.steps.count == 8 && view.log.epochs.count == 2)
  }

  @Test func endsCleanlyWhenInterrupted() throws {
    var steps = 0
    let clock = Steps { steps += 1 }
    let result = try Self.trainer().run([clock, InterruptStop { steps == 3 }])
    #expect(result.outcome == .interrupted)
    #expect(result.stepCount == 3)
    #expect(TrainingView.summary(of: result).hasPrefix("interrupted after 3 steps, "))
  }

  /// Does something at each step.
  private final class Steps: Callback {
    private let body: () -> Void

    init(_ body: @escaping () -> Void) { self.body = body }

    func handle(_ event: Event, of trainer: Trainer) -> Directive {
      if case .stepEnded = event { body() }
      return .proceed
    }
  }
}
