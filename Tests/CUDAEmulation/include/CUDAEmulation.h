// Runs the CUDA kernels of Sources/CUDABackend/Kernels on the processor: for correctness, not speed.
//
// Each thread of a block is a fiber. The order in which blocks and threads run is the caller's
// choice: a kernel that lacks a barrier gives other results in another order.
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// The order in which blocks, and threads between two barriers, run.
enum CUDAEmulationOrder {
  CUDAEmulationForward,
  CUDAEmulationReverse,
  CUDAEmulationRandom,
};

// What the kernels are compiled for, and the kernels that only try the emulation itself.
enum CUDAEmulationStorage {
  CUDAEmulationFloat32,
  CUDAEmulationBFloat16,
  CUDAEmulationFloat16,
  CUDAEmulationTrial,
};

// A kernel's argument: the bytes of a pointer, an int or a float.
typedef struct {
  uint64_t bits;
  char kind;  // 'p', 'i' or 'f'
} CUDAEmulationArgument;

typedef struct {
  uint32_t x, y, z;
} CUDAEmulationExtent;

// Runs a kernel. Gives NULL, or in words what is wrong: no such kernel, arguments of other kinds, a
// barrier that not all threads reach.
const char *cudaEmulationLaunch(
    enum CUDAEmulationStorage storage, const char *kernel, CUDAEmulationExtent grid,
    CUDAEmulationExtent block, const CUDAEmulationArgument *arguments, int argumentCount,
    enum CUDAEmulationOrder order, uint64_t seed);

// The sizes of a convolution, images [n, h, w, c] and filters [k, r, s, c].
typedef struct {
  int n, c, h, w, k, r, s, p, q, stride, padding;
} CUDAEmulationGeometry;

// Convolutions by their definition, with sums in double; the result overwrites or is added.
void cudaEmulationConvolutionForward(
    CUDAEmulationGeometry geometry, enum CUDAEmulationStorage storage, const void *x, const void *w,
    void *y, int accumulate);
void cudaEmulationConvolutionBackwardData(
    CUDAEmulationGeometry geometry, enum CUDAEmulationStorage storage, const void *dy,
    const void *w, void *dx, int accumulate);
void cudaEmulationConvolutionBackwardFilter(
    CUDAEmulationGeometry geometry, enum CUDAEmulationStorage storage, const void *x,
    const void *dy, void *dw, int accumulate);

#ifdef __cplusplus
}
#endif
