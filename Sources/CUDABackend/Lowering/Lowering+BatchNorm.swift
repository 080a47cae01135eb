import Networks
import Tensors

extension Lowering {
  /// The rows and channels of an image slot.
  private func rows(_ slot: Slot) -> (rows: Int, c: Int, count: Int) {
    let shape = shape(slot)
    return (shape.count / shape[1], shape[1], shape.count)
  }

  mutating func lower(_ op: BatchNormForward) {
    let (rows, c, _) = rows(op.x)
    let sums = channelSums("batchNormSums", rows: rows, c: c)
    let partial = scratch(byteCount: 2 * c * sums.chunks * 4)
    launch(
      .batchNorm, sums.name, grid: sums.grid, block: sums.block, pointer(op.x), .address(partial),
      .integer(rows), .integer(c))
    launch(
      .batchNorm, "batchNormStatistics", grid: sums.finish, pointer(op.x), .address(partial),
      .integer(sums.chunks), .integer(rows), .integer(c), pointer(.batchNormMomentum),
      .float(Float(BatchNormForward.epsilon)), pointer(op.mean), pointer(op.inverseDeviation),
      pointer(op.runningMean), pointer(op.runningVariance))
    apply(
      x: op.x, residual: op.residual, gamma: op.gamma, beta: op.beta, mean: op.mean,
      deviation: op.inverseDeviation, isVariance: false, y: op.y, op.activation)
  }

  mutating func lower(_ op: BatchNormInference) {
    apply(
      x: op.x, residual: op.residual, gamma: op.gamma, beta: op.beta, mean: op.runningMean,
      deviation: op.runningVariance, isVariance: true, y: op.y, op.activation)
  }

  private mutating func apply(
    x: Slot, residual: Slot?, gamma: Slot, beta: Slot, mean: Slot, deviation: Slot,
    isVariance: Bool, y: Slot, _ activation: ActivationFunction
  ) {
    let (_, c, count) = rows(x)
    let pass = pass("batchNormApply", count: count, c: c)
    launch(
      .batchNorm, pass.name, grid: pass.grid, pointer(x), pointer(residual), pointer(gamma),
      pointer(beta), pointer(mean), pointer(deviation), .integer(isVariance),
      .float(Float(BatchNormForward.epsilon)), pointer(y), .integer(count), .integer(c),
      .activation(activation))
  }

  mutating func lower(_ op: BatchNormBackward) {
    let (rows, c, count) = rows(op.x)
    let sums = channelSums("batchNormBackwardSums", rows: rows, c: c)
    let partial = scratch(byteCount: 2 * c * sums.chunks * 4)
    let sign = op.activation == .relu && op.addsResidual ? op.y : nil
    launch(
      .batchNorm, sums.name, grid: sums.grid, block: sums.block, pointer(op.x), pointer(sign),
      pointer(op.dy), pointer(op.gamma), pointer(op.beta), pointer(op.mean),
      pointer(op.inverseDeviation), .address(partial), .integer(rows), .integer(c),
      .activation(op.activation))
    launch(
      .batchNorm, "batchNormGradients", grid: sums.finish, .address(partial),
      .integer(sums.chunks), .integer(c), pointer(op.inverseDeviation), pointer(op.dGamma),
      pointer(op.dBeta))
    let pass = pass("batchNormBackward", count: count, c: c)
    launch(
      .batchNorm, pass.name, grid: pass.grid, pointer(op.x), pointer(sign), pointer(op.dy),
      pointer(op.gamma), pointer(op.beta), pointer(op.mean), pointer(op.inverseDeviation),
      pointer(op.dGamma), pointer(op.dBeta), pointer(op.dx.slot), .write(op.dx),
      pointer(op.dResidual?.slot), .write(op.dResidual), .integer(count), .integer(c),
      .float(1 / Float(rows)), .activation(op.activation))
  }

  mutating func lower(_ op: BiasForward) {
    let (_, c, count) = rows(op.x)
    let pass = pass("biasForward", count: count, c: c)
    launch(
      .bias, pass.name, grid: pass.grid, pointer(op.x), pointer(op.bias), pointer(op.y),
      .integer(count), .integer(c), .activation(op.activation))
  }

  mutating func lower(_ op: BiasBackward) {
    let (rows, c, _) = rows(op.x)
    let sums = channelSums("biasBackward", rows: rows, c: c)
    let partial = scratch(byteCount: 2 * c * sums.chunks * 4)
    launch(
      .bias, sums.name, grid: sums.grid, block: sums.block, pointer(op.x), pointer(op.bias),
      pointer(op.dy), pointer(op.dx.slot), .write(op.dx), .address(partial), .integer(rows),
      .integer(c), .activation(op.activation))
    launch(
      .bias, "biasGradient", grid: sums.finish, .address(partial), .integer(sums.chunks),
      .integer(c), pointer(op.dBias))
  }
}
