// What every kernel source begins with. Compiled by NVRTC for a GPU and, behind a header that defines
// the words of CUDA, by a C++ compiler for the tests.
//
// Images are [n, h, w, c] in `Value`; parameters, statistics and features are float. All arithmetic
// is float32. Counts and positions fit 32 bits.

#ifdef CUDA_EMULATION
#define KERNEL static
#else
#define KERNEL extern "C" __global__
#endif

// The threads of a block wherever a kernel does not say otherwise.
#define BLOCK 256

// The upper half of a float.
struct BFloat16 {
  unsigned short bits;
};

// IEEE's half precision.
struct Float16 {
  unsigned short bits;
};

#if STORAGE_BFLOAT16
typedef BFloat16 Value;
#elif STORAGE_FLOAT16
typedef Float16 Value;
#else
typedef float Value;
#endif

// The values of 16 bytes: what one thread loads at once.
#define VECTOR (16 / (int)sizeof(Value))

__device__ inline float toFloat(float value) { return value; }

__device__ inline float toFloat(BFloat16 value) {
  return __uint_as_float((unsigned)value.bits << 16);
}

__device__ inline float toFloat(Float16 value) {
#ifdef CUDA_EMULATION
  return emulatedWidening(value.bits);
#else
  float result;
  asm("cvt.f32.f16 %0, %1;" : "=f"(result) : "h"(value.bits));
  return result;
#endif
}

__device__ inline void fromFloat(float value, float &result) { result = value; }

// Rounds to nearest even; what is not a number stays none.
__device__ inline void fromFloat(float value, BFloat16 &result) {
#ifdef CUDA_EMULATION
  const unsigned bits = __float_as_uint(value);
  result.bits =
      value != value ? 0x7FFF : (unsigned short)((bits + 0x7FFFu + (bits >> 16 & 1u)) >> 16);
#else
  asm("cvt.rn.bf16.f32 %0, %1;" : "=h"(result.bits) : "f"(value));
#endif
}

// Likewise; beyond 65,504 infinite.
__device__ inline void fromFloat(float value, Float16 &result) {
#ifdef CUDA_EMULATION
  result.bits = emulatedRounding(value);
#else
  asm("cvt.rn.f16.f32 %0, %1;" : "=h"(result.bits) : "f"(value));
#endif
}

// V values as floats, in registers.
template <int V>
struct Pack {
  float lane[V];
};

// Loads V values from the V-aligned position `index`; V is 1, 2, 4 or 8.
template <int V, class T>
__device__ inline Pack<V> load(const T *from, unsigned index) {
  Pack<V> result;
  if constexpr (V * sizeof(T) % 16 == 0) {
    constexpr int words = V * (int)sizeof(T) / 16, each = 16 / (int)sizeof(T);
#pragma unroll
    for (int w = 0; w < words; ++w) {
      union {
        uint4 word;
        T values[each];
      } vector;
      vector.word = reinterpret_cast<const uint4 *>(from + index)[w];
#pragma unroll
      for (int i = 0; i < each; ++i) result.lane[w * each + i] = toFloat(vector.values[i]);
    }
  } else {
#pragma unroll
    for (int i = 0; i < V; ++i) result.lane[i] = toFloat(from[index + i]);
  }
  return result;
}

// Stores V values at the V-aligned position `index`.
template <int V, class T>
__device__ inline void store(T *to, unsigned index, const Pack<V> &pack) {
  if constexpr (V * sizeof(T) % 16 == 0) {
    constexpr int words = V * (int)sizeof(T) / 16, each = 16 / (int)sizeof(T);
#pragma unroll
    for (int w = 0; w < words; ++w) {
      union {
        uint4 word;
        T values[each];
      } vector;
#pragma unroll
      for (int i = 0; i < each; ++i) fromFloat(pack.lane[w * each + i], vector.values[i]);
      reinterpret_cast<uint4 *>(to + index)[w] = vector.word;
    }
  } else {
#pragma unroll
    for (int i = 0; i < V; ++i) fromFloat(pack.lane[i], to[index + i]);
  }
}

// V bytes at the V-aligned position `index`, one word where that is possible.
template <int V>
__device__ inline void loadBytes(const unsigned char *from, unsigned index, unsigned char *bytes) {
  if constexpr (V == 8) {
    const uint2 words = *reinterpret_cast<const uint2 *>(from + index);
#pragma unroll
    for (int i = 0; i < 8; ++i) bytes[i] = (i < 4 ? words.x : words.y) >> (i % 4 * 8);
  } else if constexpr (V == 4) {
    const unsigned word = *reinterpret_cast<const unsigned *>(from + index);
#pragma unroll
    for (int i = 0; i < 4; ++i) bytes[i] = word >> (i * 8);
  } else {
    bytes[0] = from[index];
  }
}

template <int V>
__device__ inline void storeBytes(unsigned char *to, unsigned index, const unsigned char *bytes) {
  unsigned words[2] = {0, 0};
  if constexpr (V > 1) {
#pragma unroll
    for (int i = 0; i < V; ++i) words[i / 4] |= (unsigned)bytes[i] << (i % 4 * 8);
  }
  if constexpr (V == 8) {
    *reinterpret_cast<uint2 *>(to + index) = {words[0], words[1]};
  } else if constexpr (V == 4) {
    *reinterpret_cast<unsigned *>(to + index) = words[0];
  } else {
    to[index] = bytes[0];
  }
}

// Stores or, if `accumulate`, adds V values.
template <int V, class T>
__device__ inline void put(T *to, unsigned index, Pack<V> pack, int accumulate) {
  if (accumulate) {
    const Pack<V> old = load<V>(to, index);
#pragma unroll
    for (int i = 0; i < V; ++i) pack.lane[i] += old.lane[i];
  }
  store<V>(to, index, pack);
}

// What stands behind a layer's linear part; the numbers are those of the host's list.
#define IDENTITY 0
#define RELU 1
#define GELU 2

// Φ, the normal distribution function.
__device__ inline float normalDistribution(float v) { return 0.5f + 0.5f * erff(v * 0.70710678f); }

template <int V>
__device__ inline void activate(Pack<V> &v, int activation) {
  if (activation == RELU) {
#pragma unroll
    for (int i = 0; i < V; ++i) v.lane[i] = v.lane[i] > 0 ? v.lane[i] : 0;
  } else if (activation == GELU) {
#pragma unroll
    for (int i = 0; i < V; ++i) v.lane[i] *= normalDistribution(v.lane[i]);
  }
}

__device__ inline float geluDerivative(float v) {
  return normalDistribution(v) + v * 0.39894228f * expf(-0.5f * v * v);
}

// g = g · f′(v).
template <int V>
__device__ inline void multiplyByDerivative(Pack<V> &g, const Pack<V> &v, int activation) {
  if (activation == RELU) {
#pragma unroll
    for (int i = 0; i < V; ++i) g.lane[i] = v.lane[i] > 0 ? g.lane[i] : 0;
  } else if (activation == GELU) {
#pragma unroll
    for (int i = 0; i < V; ++i) g.lane[i] *= geluDerivative(v.lane[i]);
  }
}

// The thread's number in the grid, and the number of threads: the loop over all elements.
__device__ inline unsigned firstIndex() { return blockIdx.x * blockDim.x + threadIdx.x; }
__device__ inline unsigned indexStride() { return gridDim.x * blockDim.x; }

// Defines a kernel in two widths: `name` handles VECTOR values a thread and needs sizes that are
// multiples of it, `name`Scalar handles any.
#define KERNEL_IN_BOTH_WIDTHS(name, parameters, arguments) \
  KERNEL void name parameters { name##Of<VECTOR> arguments; } \
  KERNEL void name##Scalar parameters { name##Of<1> arguments; }
