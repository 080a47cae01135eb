public import CKernels

// Linear.swift, BatchNorm.swift and so on hold the arithmetic; shapes are checked and work is cut
// by the files of the same names in `Kernels`. This target is optimised without checks and compiled
// once per instruction set, so nothing here may be called before the processor is known to have
// the instructions, and nothing but this function is public.

/// The functions of this variant.
public func kernelTable() -> KernelTable {
  KernelTable(
    vectorsPerTile: vectorsPerTile,
    vectorsPerNarrowTile: vectorsPerNarrowTile,
    narrowColumns: narrowColumns,
    peakFlopsPerRound: peakFlopsPerRound,
    convolution: convolution,
    packFilter: packFilter,
    filterGradient: filterGradient,
    reduceFilterGradient: reduceFilterGradient,
    winograd: winograd,
    winogradFilter: winogradFilter,
    winogradFilterGradient: winogradFilterGradient,
    reduceWinogradFilterGradient: reduceWinogradFilterGradient,
    batchNormSums: batchNormSums,
    batchNormStatistics: batchNormStatistics,
    batchNormInference: batchNormInference,
    batchNormApply: batchNormApply,
    batchNormGradientSums: batchNormGradientSums,
    batchNormGradientStatistics: batchNormGradientStatistics,
    batchNormGradientApply: batchNormGradientApply,
    relu: relu,
    reluBackward: reluBackward,
    gelu: gelu,
    geluBackward: geluBackward,
    celu: celu,
    celuBackward: celuBackward,
    add: add,
    copy: copy,
    packImages: packImages,
    unpackImages: unpackImages,
    globalAveragePool: globalAveragePool,
    globalAveragePoolBackward: globalAveragePoolBackward,
    maxPool: maxPool,
    maxPoolBackward: maxPoolBackward,
    globalMaxPool: globalMaxPool,
    globalMaxPoolBackward: globalMaxPoolBackward,
    bias: bias,
    biasBackward: biasBackward,
    reduceBiasGradient: reduceBiasGradient,
    downsample: downsample,
    downsampleBackward: downsampleBackward,
    linearForward: linearForward,
    linearBackwardData: linearBackwardData,
    linearBackwardFilter: linearBackwardFilter,
    copyRows: copyRows,
    softmaxCrossEntropy: softmaxCrossEntropy,
    update: update,
    squaredNorm: squaredNorm,
    peakArithmetic: peakArithmetic,
    peakCopy: peakCopy)
}
