import Foundation
import Kernels
import Tensors
import Testing

@Suite("Cross-entropy")
struct CrossEntropyTests {
  static let cases: [(n: Int, k: Int, validCount: Int, smoothing: Float)] = [
    (1, 2, 1, 0), (7, 10, 7, 0.1), (8, 10, 5, 0), (3, 1, 3, 0.1), (4, 100, 4, 0.2),
  ]

  @Test("Loss, gradient and hits agree with loops", arguments: cases)
  func all(n: Int, k: Int, validCount: Int, smoothing: Float) {
    var stream = RandomStream(seed: 5, purpose: .test)
    let logits = randomValues(n * k, 1).map { 10 * $0 }
    let labels = (0..<n).map { _ in Float(stream.nextInteger(below: k)) }
    var losses = [Expected](repeating: Expected(), count: n)
    var hits = losses
    var gradients = [Expected](repeating: Expected(), count: n * k)
    for sample in 0..<validCount {
      let row = logits[sample * k..<(sample + 1) * k].map(Double.init)
      let largest = row.max() ?? 0
      let sum = row.map { exp($0 - largest) }.reduce(0, +)
      for (index, logit) in row.enumerated() {
        let hot = index == Int(labels[sample]) ? 1 - Double(smoothing) : 0
        let target = hot + Double(smoothing) / Double(k)
        losses[sample].add(-target * (logit - largest - log(sum)))
        let difference = exp(logit - largest) / sum - target
        gradients[sample * k + index].add(difference / Double(validCount))
      }
      hits[sample].value = row.firstIndex(of: largest) == Int(labels[sample]) ? 1 : 0
    }
    // Sums are in Double; the gradient is a difference of numbers of at most 1.
    for index in gradients.indices where index < validCount * k { gradients[index].add(0x1p-20) }
    for index in gradients.indices where index < validCount * k {
      gradients[index].value -= 0x1p-20
    }
    check(losses + hits + gradients, "\(n)×\(k), \(validCount) valid") { library, scope in
      let outputs = (scope.floats(count: n), scope.floats(count: n), scope.floats(count: n * k))
      library.softmaxCrossEntropy(
        n: n, k: k, validCount: validCount, logits: scope.floats(logits),
        labels: scope.floats(labels), labelSmoothing: smoothing, losses: outputs.0,
        correct: outputs.1, dLogits: outputs.2)
      return values(outputs.0, n) + values(outputs.1, n) + values(outputs.2, n * k)
    }
  }

  @Test("A diverged sample is not a hit, and a gradient is not needed")
  func divergence() {
    for variant in KernelVariant.available {
      let library = KernelLibrary(variant: variant, pool: ThreadPool(threadCount: 1))
      let scope = Scope()
      let (losses, correct) = (scope.floats(count: 2), scope.floats(count: 2))
      library.softmaxCrossEntropy(
        n: 2, k: 2, validCount: 2, logits: scope.floats([.nan, 0, 3, 3]),
        labels: scope.floats([0, 0]), labelSmoothing: 0, losses: losses, correct: correct,
        dLogits: nil)
      #expect(losses[0].isNaN)
      #expect(abs(losses[1] - log(2)) < 1e-6)
      #expect(values(correct, 2) == [0, 1])
    }
  }
}
