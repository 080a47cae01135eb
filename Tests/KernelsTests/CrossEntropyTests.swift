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

  @Test("Two labels share the target", arguments: [Float(0), 0.25, 0.5, 1])
  func mixture(share: Float) {
    let logits: [Float] = [0.5, -1, 2, 0.25, 1, 3, -2, 0]
    let smoothing = 0.1
    var losses: [Expected] = []
    var hits: [Expected] = []
    var gradients: [Expected] = []
    for sample in 0..<2 {
      let row = logits[sample * 4..<sample * 4 + 4].map(Double.init)
      let sum = row.map { exp($0) }.reduce(0, +)
      let hot = [Double(1 - share), 0, Double(share), 0]
      let target = hot.map { (1 - smoothing) * $0 + smoothing / 4 }
      let loss = zip(target, row).reduce(0) { $0 - $1.0 * ($1.1 - log(sum)) }
      losses.append(Expected(value: loss, magnitude: 8))
      let largest = row.firstIndex(of: row.max() ?? 0) ?? 0
      hits.append(Expected(value: hot[largest], magnitude: 1))
      for k in 0..<4 {
        gradients.append(Expected(value: (exp(row[k]) / sum - target[k]) / 2, magnitude: 1))
      }
    }
    check(losses + hits + gradients, "share \(share)") { library, scope in
      let outputs = (scope.floats(count: 2), scope.floats(count: 2), scope.floats(count: 8))
      library.softmaxCrossEntropy(
        n: 2, k: 4, validCount: 2, logits: scope.floats(logits), labels: scope.floats([0, 0]),
        others: (
          UnsafePointer(scope.floats([2, 2])), UnsafePointer(scope.floats([share, share]))
        ),
        labelSmoothing: Float(smoothing), losses: outputs.0, correct: outputs.1,
        dLogits: outputs.2)
      return values(outputs.0, 2) + values(outputs.1, 2) + values(outputs.2, 8)
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
