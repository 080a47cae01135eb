// Kernels that try the emulation itself: some are wrong on purpose.
#define STORAGE_FLOAT32 1
#include "Entries.hpp"

#include "Prelude.cu"

// y = x in the opposite order within a block.
KERNEL void reverseBlock(const float *x, float *y) {
  __shared__ float values[64];
  values[threadIdx.x] = x[threadIdx.x];
  __syncthreads();
  y[threadIdx.x] = values[blockDim.x - 1 - threadIdx.x];
}

// The same without the barrier that it needs.
KERNEL void reverseBlockWithoutBarrier(const float *x, float *y) {
  __shared__ float values[64];
  values[threadIdx.x] = x[threadIdx.x];
  y[threadIdx.x] = values[blockDim.x - 1 - threadIdx.x];
}

// A barrier that only some threads reach.
KERNEL void divergentBarrier(float *y) {
  if (threadIdx.x < 32) __syncthreads();
  y[threadIdx.x] = 1;
}

// Shared memory that is read before it is written.
KERNEL void readsSharedGarbage(float *y) {
  __shared__ float values[64];
  // Without a write somewhere a compiler takes it for constant.
  if (blockDim.x != 64) values[threadIdx.x] = y[threadIdx.x];
  y[threadIdx.x] = values[threadIdx.x] + 1;
}

// y[warp] = the sum of a warp's values.
KERNEL void warpSums(const float *x, float *y) {
  float sum = x[threadIdx.x];
  for (int mask = 16; mask > 0; mask >>= 1) sum += __shfl_xor_sync(0xFFFFFFFFu, sum, mask);
  if ((threadIdx.x & 31) == 0) y[threadIdx.x >> 5] = sum;
}

// An optimiser's step as it must not be: its rate is an argument, which a captured graph freezes.
KERNEL void stepWithRateAsArgument(float *w, const float *g, float rate, int count) {
  for (unsigned i = firstIndex(); i < count; i += indexStride()) w[i] -= rate * g[i];
}

static const Entry entries[] = {
    ENTRY(reverseBlock) ENTRY(reverseBlockWithoutBarrier) ENTRY(divergentBarrier)
    ENTRY(readsSharedGarbage) ENTRY(warpSums) ENTRY(stepWithRateAsArgument)
};

extern const Entry *const entriesOfTrial = entries;
extern const int entryCountOfTrial = sizeof(entries) / sizeof(Entry);
