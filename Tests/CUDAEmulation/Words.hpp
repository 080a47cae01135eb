// The words of CUDA that our kernels use, as C++.
#pragma once

#include <math.h>
#include <stdint.h>
#include <string.h>

#define CUDA_EMULATION 1

struct Index3 {
  unsigned x, y, z;
};

struct alignas(8) uint2 {
  unsigned x, y;
};

struct alignas(8) int2 {
  int x, y;
};

struct alignas(16) uint4 {
  unsigned x, y, z, w;
};

struct alignas(16) float4 {
  float x, y, z, w;
};

// The running thread's place; the scheduler sets these whenever it changes fibers.
extern Index3 threadIdx, blockIdx, blockDim, gridDim;

#define __device__
#define __restrict__ __restrict
#define __launch_bounds__(...)
// Shared memory is one section, so that the scheduler can fill it with garbage before each block.
#define __shared__ static __attribute__((section("cuda_shared")))

// Waits for all threads of the block.
void __syncthreads();
// Waits for all threads of the warp.
void __syncwarp();
// Exchanges 32 bits with the lanes of the warp.
unsigned emulatedShuffle(unsigned bits, unsigned sourceLane);

inline unsigned emulatedLane() {
  return (threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z)) & 31;
}

inline float __uint_as_float(unsigned bits) {
  float value;
  memcpy(&value, &bits, 4);
  return value;
}

inline unsigned __float_as_uint(float value) {
  unsigned bits;
  memcpy(&bits, &value, 4);
  return bits;
}

// IEEE's half precision as a float; a product with 2^112 moves the exponent.
inline float emulatedWidening(unsigned short half) {
  const unsigned sign = (half & 0x8000u) << 16, magnitude = half & 0x7FFFu;
  const unsigned bits = magnitude < 0x7C00u
      ? __float_as_uint(__uint_as_float(magnitude << 13) * 0x1p112f)
      : magnitude << 13 | 0x7F800000u;
  return __uint_as_float(sign | bits);
}

// The nearest in IEEE's half precision, of two the even one; what is not a number stays none.
inline unsigned short emulatedRounding(float value) {
  const unsigned sign = __float_as_uint(value) >> 16 & 0x8000u;
  const double magnitude = fabs((double)value);
  if (value != value) return 0x7FFF;
  if (magnitude >= 65520) return (unsigned short)(sign | 0x7C00u);
  int exponent;
  frexp(magnitude, &exponent);
  // The last place of the result, which subnormal numbers share.
  const int place = exponent - 11 < -24 ? -24 : exponent - 11;
  const double rounded = ldexp(nearbyint(ldexp(magnitude, -place)), place);
  if (rounded < 0x1p-14) return (unsigned short)(sign | (unsigned)ldexp(rounded, 24));
  const int power = (int)floor(log2(rounded));
  return (unsigned short)(
      sign | (unsigned)(power + 15) << 10 | ((unsigned)ldexp(rounded, 10 - power) & 0x3FFu));
}

inline double __longlong_as_double(long long bits) {
  double value;
  memcpy(&value, &bits, 8);
  return value;
}

// Rounded to nearest, never part of a fused operation.
inline double __dmul_rn(double a, double b) { return a * b; }
inline double __dadd_rn(double a, double b) { return a + b; }

inline float __shfl_xor_sync(unsigned, float value, int mask) {
  return __uint_as_float(emulatedShuffle(__float_as_uint(value), emulatedLane() ^ (unsigned)mask));
}

inline int __shfl_xor_sync(unsigned, int value, int mask) {
  return (int)emulatedShuffle((unsigned)value, emulatedLane() ^ (unsigned)mask);
}

inline double __shfl_xor_sync(unsigned, double value, int mask) {
  uint64_t bits;
  memcpy(&bits, &value, 8);
  const unsigned lane = emulatedLane() ^ (unsigned)mask;
  const uint64_t low = emulatedShuffle((unsigned)bits, lane);
  bits = (uint64_t)emulatedShuffle((unsigned)(bits >> 32), lane) << 32 | low;
  memcpy(&value, &bits, 8);
  return value;
}

inline int min(int a, int b) { return a < b ? a : b; }
inline int max(int a, int b) { return a > b ? a : b; }

// A kernel as the scheduler calls it, and what it is called with.
struct Entry {
  const char *name;
  const char *(*run)(const struct Call &call);
};

// Runs `body` for every thread; gives NULL or what is wrong.
const char *runThreads(const struct Call &call, void (*body)(void *), void *context);
