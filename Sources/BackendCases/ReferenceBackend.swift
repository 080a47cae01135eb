public import Networks
import Tensors

/// Runs graphs in `Double` with obvious loops, for other backends and for gradients to be held
/// against.
///
/// Every slot has memory of its own and starts as NaN, so that reading a value before it is written
/// shows. In a graph of 16 bits what an operation writes is rounded where a backend rounds it.
public struct ReferenceBackend: Backend {
  /// Rounds as no backend does.
  public let arithmetic = "reference, double precision"

  /// Makes the backend.
  public init() {}

  /// Gives every slot its memory.
  public func compile(_ graph: Graph) -> any CompiledProgram { ReferenceProgram(graph) }
}

/// A graph with a `Double` for every value.
public final class ReferenceProgram: CompiledProgram {
  /// The graph that is run.
  public let graph: Graph
  /// The values of each slot, in the order of its shape.
  public var values: [[Double]]
  /// Whether convolutions round filters and their gradients as they do images.
  private let roundsFilters: Bool

  /// Makes a program with persistent slots 0 and all others NaN.
  ///
  /// - Parameters:
  ///   - graph: The graph to run.
  ///   - roundsFilters: Whether a graph of 16 bits rounds filters, where convolutions read them, and
  ///     their gradients too, as a GPU's matrix units want it.
  public init(_ graph: Graph, roundsFilters: Bool = false) {
    self.graph = graph
    self.roundsFilters = roundsFilters
    values = graph.slots.map { slot in
      [Double](repeating: slot.isPersistent ? 0 : .nan, count: slot.shape.count)
    }
  }

  /// Stores a slot's values.
  public func write(_ values: Span<Float>, to slot: Slot) {
    precondition(values.count == graph[slot].shape.count, "wrong number of values")
    for index in values.indices {
      self.values[slot.index][index] = Double(values[index])
    }
    round(slot)
  }

  /// Fetches a slot's values, rounded to `Float`.
  public func read(_ slot: Slot, into values: inout MutableSpan<Float>) {
    precondition(values.count == graph[slot].shape.count, "wrong number of values")
    for index in values.indices {
      values[index] = Float(self.values[slot.index][index])
    }
  }

  /// Carries out one phase.
  public func run(_ phase: Graph.Phase) {
    for op in graph.operations(phase) {
      run(op)
      for slot in op.writes { round(slot) }
    }
  }

  /// Keeps a slot in the graph's precision.
  private func round(_ slot: Slot) {
    guard graph[slot].isImage else { return }
    let precision = graph.configuration.precision
    values[slot.index] = values[slot.index].map { precision.rounded($0) }
  }

  /// Filters or their gradient as a convolution reads or leaves them.
  private func filters(_ values: [Double]) -> [Double] {
    let precision = graph.configuration.precision
    return roundsFilters ? values.map { precision.rounded($0) } : values
  }

  /// The mean loss of the valid samples.
  public var meanLoss: Double {
    self[graph.losses].reduce(0, +) / stepInput(.validCount)
  }

  /// The values of a slot.
  public subscript(slot: Slot) -> [Double] {
    get { values[slot.index] }
    set { values[slot.index] = newValue }
  }

  private func stepInput(_ field: StepInputs.Field) -> Double {
    values[graph.stepInputs.index][field.offset]
  }

  func extents(_ slot: Slot) -> [Int] { graph[slot].shape.extents }

  func write(_ gradient: [Double], _ target: GradientTarget) {
    switch target.write {
    case .overwrite: self[target.slot] = gradient
    case .accumulate: self[target.slot] = zip(self[target.slot], gradient).map(+)
    }
  }

  private func run(_ op: Op) {
    switch op {
    case .convolutionForward(let op):
      let (x, w) = (self[op.x], filters(self[op.w]))
      var y = zeros(op.y)
      forEachProduct(op.geometry) { y[$2] += x[$0] * w[$1] }
      self[op.y] = y
    case .convolutionBackwardData(let op):
      let (dy, w) = (self[op.dy], filters(self[op.w]))
      var dx = zeros(op.dx.slot)
      forEachProduct(op.geometry) { dx[$0] += dy[$2] * w[$1] }
      write(dx, op.dx)
    case .convolutionBackwardFilter(let op):
      let (x, dy) = (self[op.x], self[op.dy])
      var dw = zeros(op.dw)
      forEachProduct(op.geometry) { dw[$1] += dy[$2] * x[$0] }
      self[op.dw] = filters(dw)
    case .batchNormForward(let op): batchNormForward(op)
    case .batchNormInference(let op):
      self[op.y] = normalized(
        op.x, op.residual, op.gamma, op.beta, mean: self[op.runningMean],
        inverseDeviation: self[op.runningVariance].map {
          1 / ($0 + BatchNormForward.epsilon).squareRoot()
        }, op.activation)
    case .batchNormBackward(let op): batchNormBackward(op)
    case .reluForward(let op): self[op.y] = self[op.x].map { max($0, 0) }
    case .reluBackward(let op):
      write(zip(self[op.y], self[op.dy]).map { $0 > 0 ? $1 : 0 }, op.dx)
    case .geluForward(let op): self[op.y] = self[op.x].map { ActivationFunction.gelu($0) }
    case .geluBackward(let op):
      write(zip(self[op.x], self[op.dy]).map { ActivationFunction.gelu.derivative($0) * $1 }, op.dx)
    case .celuForward(let op):
      self[op.y] = self[op.x].map {
        max($0, 0) + Double(op.alpha) * (exponential(min($0, 0) / Double(op.alpha)) - 1)
      }
    case .celuBackward(let op):
      write(
        zip(self[op.y], self[op.dy]).map { $0 > 0 ? $1 : $1 * (1 + $0 / Double(op.alpha)) }, op.dx)
    case .additionForward(let op): self[op.y] = zip(self[op.a], self[op.b]).map(+)
    case .additionBackward(let op): write(self[op.dy], op.dx)
    case .downsampleForward(let op):
      var y = zeros(op.y)
      forEachKeptPixel(of: op.x, in: op.y, stride: op.stride) { y[$1] = self[op.x][$0] }
      self[op.y] = y
    case .downsampleBackward(let op):
      var dx = zeros(op.dx.slot)
      forEachKeptPixel(of: op.dx.slot, in: op.dy, stride: op.stride) { dx[$0] = self[op.dy][$1] }
      write(dx, op.dx)
    case .globalAveragePoolForward(let op):
      let pixels = extents(op.x)[2] * extents(op.x)[3]
      self[op.y] = self[op.y].indices.map { plane in
        self[op.x][plane * pixels..<(plane + 1) * pixels].reduce(0, +) / Double(pixels)
      }
    case .globalAveragePoolBackward(let op):
      let pixels = extents(op.dx.slot)[2] * extents(op.dx.slot)[3]
      write(
        zeros(op.dx.slot).indices.map { self[op.dy][$0 / pixels] / Double(pixels) }, op.dx)
    case .maxPoolForward(let op):
      pool(
        op.x, op.y, op.choices, height: op.size, width: op.size, stride: op.stride,
        padding: op.padding)
    case .maxPoolBackward(let op):
      unpool(
        op.choices, op.dy, op.dx, height: op.size, width: op.size, stride: op.stride,
        padding: op.padding)
    case .globalMaxPoolForward(let op):
      pool(
        op.x, op.y, op.choices, height: extents(op.x)[2], width: extents(op.x)[3], stride: 1)
    case .globalMaxPoolBackward(let op):
      let size = extents(op.dx.slot)
      unpool(op.choices, op.dy, op.dx, height: size[2], width: size[3], stride: 1)
    case .concatenationForward(let op): concatenate(op)
    case .concatenationBackward(let op): cut(op)
    case .biasForward(let op):
      let (x, bias, channel) = (self[op.x], self[op.bias], channels(of: op.x))
      self[op.y] = x.indices.map { op.activation(x[$0] + bias[channel($0)]) }
    case .biasBackward(let op):
      let (x, bias, dy, channel) = (self[op.x], self[op.bias], self[op.dy], channels(of: op.x))
      let g = x.indices.map { dy[$0] * op.activation.derivative(x[$0] + bias[channel($0)]) }
      self[op.dBias] = channelSums(op.x) { g[$0] }
      write(g, op.dx)
    case .linearForward(let op):
      let (n, c, k) = (extents(op.x)[0], extents(op.x)[1], extents(op.y)[1])
      self[op.y] = (0..<n * k).map { out in
        let products = (0..<c).reduce(0.0) {
          $0 + self[op.x][out / k * c + $1] * self[op.w][out % k * c + $1]
        }
        return Double(op.scale) * products + (op.bias.map { self[$0][out % k] } ?? 0)
      }
    case .linearBackward(let op): linearBackward(op)
    case .softmaxCrossEntropy(let op): softmaxCrossEntropy(op)
    case .squaredNorm(let op):
      values[op.y.index][op.position] = self[op.x].reduce(0) { $0 + $1 * $1 }
    case .update(let op): update(op)
    }
  }

  func zeros(_ slot: Slot) -> [Double] {
    [Double](repeating: 0, count: graph[slot].shape.count)
  }
}

// MARK: - Activations

extension ActivationFunction {
  fileprivate func callAsFunction(_ v: Double) -> Double {
    switch self {
    case .identity: v
    case .relu: max(v, 0)
    case .gelu: v * normalDistribution(v)
    }
  }

  fileprivate func derivative(_ v: Double) -> Double {
    switch self {
    case .identity: 1
    case .relu: v > 0 ? 1 : 0
    case .gelu: normalDistribution(v) + v * normalDensity(v)
    }
  }
}

// MARK: - Batch norm

extension ReferenceProgram {
  /// Tells the channel of each element.
  private func channels(of slot: Slot) -> (_ index: Int) -> Int {
    let shape = graph[slot].shape
    let (pixels, count) = (shape[2] * shape[3], shape[1])
    return { $0 / pixels % count }
  }

  /// The sum of `term` over all elements of each channel.
  private func channelSums(_ slot: Slot, _ term: (Int) -> Double) -> [Double] {
    let channel = channels(of: slot)
    var sums = [Double](repeating: 0, count: graph[slot].shape[1])
    for index in 0..<graph[slot].shape.count {
      sums[channel(index)] += term(index)
    }
    return sums
  }

  private func normalized(
    _ x: Slot, _ residual: Slot?, _ gamma: Slot, _ beta: Slot, mean: [Double],
    inverseDeviation: [Double], _ activation: ActivationFunction
  ) -> [Double] {
    let channel = channels(of: x)
    let (x, gamma, beta, residual) = (self[x], self[gamma], self[beta], residual.map { self[$0] })
    return x.indices.map { index in
      let c = channel(index)
      return activation(
        gamma[c] * (x[index] - mean[c]) * inverseDeviation[c] + beta[c] + (residual?[index] ?? 0))
    }
  }

  private func batchNormForward(_ op: BatchNormForward) {
    let shape = graph[op.x].shape
    let count = Double(shape.count / shape[1])
    let (x, channel) = (self[op.x], channels(of: op.x))
    let mean = channelSums(op.x) { x[$0] }.map { $0 / count }
    let variance = channelSums(op.x) { index in
      let difference = x[index] - mean[channel(index)]
      return difference * difference
    }.map { $0 / count }
    let inverseDeviation = variance.map { 1 / ($0 + BatchNormForward.epsilon).squareRoot() }
    let momentum = stepInput(.batchNormMomentum)
    self[op.mean] = mean
    self[op.inverseDeviation] = inverseDeviation
    self[op.runningMean] = zip(self[op.runningMean], mean).map {
      (1 - momentum) * $0 + momentum * $1
    }
    self[op.runningVariance] = zip(self[op.runningVariance], variance).map {
      (1 - momentum) * $0 + momentum * $1 * count / max(count - 1, 1)
    }
    self[op.y] = normalized(
      op.x, op.residual, op.gamma, op.beta, mean: mean, inverseDeviation: inverseDeviation,
      op.activation)
  }

  private func batchNormBackward(_ op: BatchNormBackward) {
    let shape = graph[op.x].shape
    let count = Double(shape.count / shape[1])
    let (x, y, dy, channel) = (self[op.x], self[op.y], self[op.dy], channels(of: op.x))
    let (gamma, beta, mean) = (self[op.gamma], self[op.beta], self[op.mean])
    let inverseDeviation = self[op.inverseDeviation]
    let normalized = x.indices.map { index in
      let c = channel(index)
      return (x[index] - mean[c]) * inverseDeviation[c]
    }
    let g = dy.indices.map { index in
      // Behind a residual the value in front of ReLU cannot be told from x, but its sign from y.
      if op.activation == .relu { return y[index] > 0 ? dy[index] : 0 }
      let c = channel(index)
      return dy[index] * op.activation.derivative(gamma[c] * normalized[index] + beta[c])
    }
    let dBeta = channelSums(op.x) { g[$0] }
    let dGamma = channelSums(op.x) { g[$0] * normalized[$0] }
    self[op.dBeta] = dBeta
    self[op.dGamma] = dGamma
    if let dResidual = op.dResidual { write(g, dResidual) }
    write(
      x.indices.map { index in
        let c = channel(index)
        return gamma[c] * inverseDeviation[c]
          * (g[index] - dBeta[c] / count - normalized[index] * dGamma[c] / count)
      }, op.dx)
  }
}

// MARK: - Linear layer and loss

extension ReferenceProgram {
  private func linearBackward(_ op: LinearBackward) {
    let (n, c, k) = (extents(op.x)[0], extents(op.x)[1], extents(op.dy)[1])
    let (x, dy, w) = (self[op.x], self[op.dy], self[op.w])
    let scale = Double(op.scale)
    self[op.dw] = (0..<k * c).map { index in
      (0..<n).reduce(0) { $0 + scale * dy[$1 * k + index / c] * x[$1 * c + index % c] }
    }
    if let dBias = op.dBias {
      self[dBias] = (0..<k).map { index in (0..<n).reduce(0) { $0 + dy[$1 * k + index] } }
    }
    if let dx = op.dx {
      write(
        (0..<n * c).map { index in
          (0..<k).reduce(0) { $0 + scale * dy[index / c * k + $1] * w[$1 * c + index % c] }
        }, dx)
    }
  }

  private func softmaxCrossEntropy(_ op: SoftmaxCrossEntropy) {
    let (n, k) = (extents(op.logits)[0], extents(op.logits)[1])
    let validCount = Int(stepInput(.validCount))
    let smoothing = op.dLogits == nil ? 0 : stepInput(.labelSmoothing)
    var losses = zeros(op.losses)
    var hits = zeros(op.hits)
    var dLogits = [Double](repeating: 0, count: n * k)
    for sample in 0..<min(n, validCount) {
      let logits = self[op.logits][sample * k..<(sample + 1) * k]
      let label = Int(self[op.labels][sample])
      let other =
        op.others.map { (Int(self[$0.labels][sample]), self[$0.shares][sample]) } ?? (0, 0)
      func hot(_ k: Int) -> Double { (k == label ? 1 - other.1 : 0) + (k == other.0 ? other.1 : 0) }
      let largest = logits.max() ?? 0
      let sum = logits.reduce(0) { $0 + exponential($1 - largest) }
      for (index, logit) in logits.enumerated() {
        let target = smoothing / Double(k) + (1 - smoothing) * hot(index)
        losses[sample] -= target * (logit - largest - logarithm(sum))
        dLogits[sample * k + index] =
          (exponential(logit - largest) / sum - target) / Double(validCount)
      }
      hits[sample] = hot((logits.firstIndex(of: largest) ?? 0) - logits.startIndex)
    }
    self[op.losses] = losses
    self[op.hits] = hits
    if let slot = op.dLogits { self[slot] = dLogits }
  }
}
