public import CKernels

private func empty(_ task: UnsafeRawPointer, _ index: Int) {}

/// The functions of this variant.
public func kernelTable() -> KernelTable {
  KernelTable(
    vectorsPerTile: 1, peakFlopsPerRound: 1,
    convolution: empty, packFilter: empty, filterGradient: empty, reduceFilterGradient: empty,
    batchNormSums: empty, batchNormStatistics: empty, batchNormInference: empty,
    batchNormApply: empty, batchNormGradientSums: empty, batchNormGradientStatistics: empty,
    batchNormGradientApply: empty, relu: empty, reluBackward: empty, add: empty, copy: empty,
    packImages: empty, unpackImages: empty, globalAveragePool: empty,
    globalAveragePoolBackward: empty, downsample: empty, downsampleBackward: empty,
    linearForward: empty, linearBackwardData: empty, linearBackwardFilter: empty,
    softmaxCrossEntropy: empty, sgdUpdate: empty, peakArithmetic: empty, peakCopy: empty)
}
