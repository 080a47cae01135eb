// Every kernel, compiled for the storage that the including file defines.
#include "Entries.hpp"

#include "Prelude.cu"

#include "ChannelSums.cu"

#include "Batch.cu"
#include "BatchNorm.cu"
#include "Bias.cu"
#include "CrossEntropy.cu"
#include "Elementwise.cu"
#include "Layout.cu"
#include "Linear.cu"
#include "Pooling.cu"
#include "StepInputs.cu"
#include "Update.cu"

#define BOTH_ENTRIES(name) ENTRY(name) ENTRY(name##Scalar)

static const Entry entries[] = {
    ENTRY(imagesFromHost) ENTRY(imagesToHost) ENTRY(filtersFromHost) ENTRY(filtersToHost)
    BOTH_ENTRIES(batchNormSums) ENTRY(batchNormStatistics) BOTH_ENTRIES(batchNormApply)
    BOTH_ENTRIES(batchNormBackwardSums) ENTRY(batchNormGradients) BOTH_ENTRIES(batchNormBackward)
    BOTH_ENTRIES(biasForward) BOTH_ENTRIES(biasBackward) ENTRY(biasGradient)
    BOTH_ENTRIES(relu) BOTH_ENTRIES(reluBackward) BOTH_ENTRIES(gelu) BOTH_ENTRIES(geluBackward)
    BOTH_ENTRIES(celu) BOTH_ENTRIES(celuBackward) BOTH_ENTRIES(addition) BOTH_ENTRIES(copy)
    BOTH_ENTRIES(globalAveragePool) BOTH_ENTRIES(globalAveragePoolBackward)
    ENTRY(globalMaxPool) BOTH_ENTRIES(globalMaxPoolBackward)
    BOTH_ENTRIES(maxPool) BOTH_ENTRIES(maxPoolBackward)
    BOTH_ENTRIES(downsample) BOTH_ENTRIES(downsampleBackward)
    ENTRY(product) ENTRY(productSum) ENTRY(columnSums) ENTRY(copyRows)
    ENTRY(crossEntropy) ENTRY(takeStepInputs) ENTRY(makeImages)
    ENTRY(evaluateScalars) ENTRY(update) ENTRY(squaredNormParts) ENTRY(squaredNorms)
    ENTRY(castSegmentsToValues) ENTRY(castSegmentsToFloats)
};
