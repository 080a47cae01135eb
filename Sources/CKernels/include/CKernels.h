// What the kernels need and Swift cannot name, and the interface between `Kernels` and its variants.
//
// Every kernel of a variant is a function of a task, a plain structure that says where the data lie
// and how the work is cut, and of an index, which part of the work to do. A variant hands its
// functions over in one `KernelTable`. Sizes and strides are in floats unless a name says otherwise.
#pragma once
#include <math.h>
#include <stdbool.h>
#include <stdint.h>

// MARK: - Vectors

typedef float Float16Lanes __attribute__((ext_vector_type(16)));
typedef int32_t Int16Lanes __attribute__((ext_vector_type(16)));
typedef uint16_t Half16Lanes __attribute__((ext_vector_type(16)));
typedef uint8_t Byte16Lanes __attribute__((ext_vector_type(16)));
typedef double Double16Lanes __attribute__((ext_vector_type(16)));

// Operators of which Swift's optimiser sees one instruction each, and not sixteen lanes.
static inline __attribute__((always_inline, swift_name("sum(_:_:)")))
Float16Lanes sum(Float16Lanes a, Float16Lanes b) {
  return a + b;
}

static inline __attribute__((always_inline, swift_name("difference(_:_:)")))
Float16Lanes difference(Float16Lanes a, Float16Lanes b) {
  return a - b;
}

static inline __attribute__((always_inline, swift_name("product(_:_:)")))
Float16Lanes product(Float16Lanes a, Float16Lanes b) {
  return a * b;
}

static inline __attribute__((always_inline, swift_name("quotient(_:_:)")))
Float16Lanes quotient(Float16Lanes a, Float16Lanes b) {
  return a / b;
}

// a · b + c with one rounding: `addingProduct` is taken apart into lanes by some surrounding code.
// Without FMA instructions this would be a library call for each lane.
static inline __attribute__((always_inline, swift_name("fusedMultiplyAdd(_:_:_:)")))
Float16Lanes fusedMultiplyAdd(Float16Lanes a, Float16Lanes b, Float16Lanes c) {
  return __builtin_elementwise_fma(a, b, c);
}

// x, or 0 where x < 0; what is not a number stays.
static inline __attribute__((always_inline, swift_name("rectified(_:)")))
Float16Lanes rectified(Float16Lanes x) {
  return (Float16Lanes)((Int16Lanes)x & ~(x < 0.0f));
}

// x, or 0 where the rectifier's output `y` is 0.
static inline __attribute__((always_inline, swift_name("masked(_:by:)")))
Float16Lanes masked(Float16Lanes x, Float16Lanes y) {
  return (Float16Lanes)((Int16Lanes)x & ~(y <= 0.0f));
}

// x without its sign.
static inline __attribute__((always_inline, swift_name("magnitude(_:)")))
Float16Lanes magnitude(Float16Lanes x) {
  return (Float16Lanes)((Int16Lanes)x & 0x7fffffff);
}

// x, or `bound` where x is larger; what is not a number stays.
static inline __attribute__((always_inline, swift_name("bounded(_:by:)")))
Float16Lanes bounded(Float16Lanes x, Float16Lanes bound) {
  return (Float16Lanes)(((Int16Lanes)bound & (x > bound)) | ((Int16Lanes)x & ~(x > bound)));
}

// `negative` where x < 0, else `other`.
static inline __attribute__((always_inline, swift_name("chosen(_:_:byNegative:)")))
Float16Lanes chosen(Float16Lanes negative, Float16Lanes other, Float16Lanes x) {
  return (Float16Lanes)(((Int16Lanes)negative & (x < 0.0f)) | ((Int16Lanes)other & ~(x < 0.0f)));
}

// 2ⁿ for the whole number n + 127 in the lowest eight bits of each lane.
static inline __attribute__((always_inline, swift_name("powerOfTwo(_:)")))
Float16Lanes powerOfTwo(Float16Lanes biased) {
  return (Float16Lanes)((Int16Lanes)biased << 23);
}

// x where it is larger than `best` or not a number, else `best`.
static inline __attribute__((always_inline, swift_name("larger(_:_:)")))
Float16Lanes larger(Float16Lanes x, Float16Lanes best) {
  Int16Lanes wins = (x > best) | (x != x);
  return (Float16Lanes)(((Int16Lanes)x & wins) | ((Int16Lanes)best & ~wins));
}

// `number` where `larger(x, best)` takes x, else `old`.
static inline __attribute__((always_inline, swift_name("replaced(_:_:_:_:)")))
Float16Lanes replaced(Float16Lanes old, Float16Lanes number, Float16Lanes x, Float16Lanes best) {
  Int16Lanes wins = (x > best) | (x != x);
  return (Float16Lanes)(((Int16Lanes)number & wins) | ((Int16Lanes)old & ~wins));
}

// x where a == b, else 0.
static inline __attribute__((always_inline, swift_name("kept(_:where:equals:)")))
Float16Lanes kept(Float16Lanes x, Float16Lanes a, Float16Lanes b) {
  return (Float16Lanes)((Int16Lanes)x & (a == b));
}

// Whole numbers in 0...255 as bytes.
static inline __attribute__((always_inline, swift_name("storeBytes(_:_:)")))
void storeBytes(Float16Lanes x, uint8_t *_Nonnull address) {
  Byte16Lanes bytes =
      __builtin_convertvector(__builtin_convertvector(x, Int16Lanes), Byte16Lanes);
  __builtin_memcpy(address, &bytes, sizeof(bytes));
}

static inline __attribute__((always_inline, swift_name("loadBytes(_:)")))
Float16Lanes loadBytes(const uint8_t *_Nonnull address) {
  Byte16Lanes bytes;
  __builtin_memcpy(&bytes, address, sizeof(bytes));
  return __builtin_convertvector(__builtin_convertvector(bytes, Int16Lanes), Float16Lanes);
}

// bfloat16: the upper half of a float.
static inline __attribute__((always_inline, swift_name("loadBFloat16(_:)")))
Float16Lanes loadBFloat16(const uint16_t *_Nonnull address) {
  Half16Lanes half;
  __builtin_memcpy(&half, address, sizeof(half));
  return (Float16Lanes)(__builtin_convertvector(half, Int16Lanes) << 16);
}

// Rounded to the nearest bfloat16, ties to even; what is not a number stays.
static inline __attribute__((always_inline, swift_name("storeBFloat16(_:_:)")))
void storeBFloat16(Float16Lanes x, uint16_t *_Nonnull address) {
  Int16Lanes bits = (Int16Lanes)x;
  Int16Lanes rounded = bits + 0x7fff + ((bits >> 16) & 1);
  Int16Lanes isNumber = x == x;
  bits = (rounded & isNumber) | ((bits | 0x400000) & ~isNumber);
  Half16Lanes half = __builtin_convertvector(bits >> 16, Half16Lanes);
  __builtin_memcpy(address, &half, sizeof(half));
}

static inline __attribute__((always_inline, swift_name("widenedBFloat16(_:)")))
float widenedBFloat16(uint16_t x) {
  uint32_t bits = (uint32_t)x << 16;
  float value;
  __builtin_memcpy(&value, &bits, sizeof(value));
  return value;
}

static inline __attribute__((always_inline, swift_name("roundedToBFloat16(_:)")))
uint16_t roundedToBFloat16(float x) {
  uint32_t bits;
  __builtin_memcpy(&bits, &x, sizeof(bits));
  if (x != x) return (uint16_t)((bits | 0x400000) >> 16);
  return (uint16_t)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

// float16: IEEE's half precision. Rounded to the nearest, ties to even; beyond 65,504 infinite.
#if defined(__F16C__) || defined(__AVX512F__) || defined(__aarch64__)
typedef _Float16 Float16Values __attribute__((ext_vector_type(16)));

static inline __attribute__((always_inline, swift_name("loadFloat16(_:)")))
Float16Lanes loadFloat16(const uint16_t *_Nonnull address) {
  Float16Values values;
  __builtin_memcpy(&values, address, sizeof(values));
  return __builtin_convertvector(values, Float16Lanes);
}

static inline __attribute__((always_inline, swift_name("storeFloat16(_:_:)")))
void storeFloat16(Float16Lanes x, uint16_t *_Nonnull address) {
  Float16Values values = __builtin_convertvector(x, Float16Values);
  __builtin_memcpy(address, &values, sizeof(values));
}

static inline __attribute__((always_inline, swift_name("widenedFloat16(_:)")))
float widenedFloat16(uint16_t x) {
  _Float16 value;
  __builtin_memcpy(&value, &x, sizeof(value));
  return value;
}

static inline __attribute__((always_inline, swift_name("roundedToFloat16(_:)")))
uint16_t roundedToFloat16(float x) {
  _Float16 value = (_Float16)x;
  uint16_t bits;
  __builtin_memcpy(&bits, &value, sizeof(bits));
  return bits;
}
#else
// Without the instructions: a product with 2¹¹² moves the exponent, which rights subnormal numbers too.
static inline __attribute__((always_inline, swift_name("loadFloat16(_:)")))
Float16Lanes loadFloat16(const uint16_t *_Nonnull address) {
  Half16Lanes half;
  __builtin_memcpy(&half, address, sizeof(half));
  Int16Lanes bits = __builtin_convertvector(half, Int16Lanes);
  Int16Lanes magnitude = bits & 0x7fff;
  Float16Lanes value = (Float16Lanes)(magnitude << 13) * 0x1p112f;
  Int16Lanes isFinite = magnitude < 0x7c00;
  Int16Lanes result = ((Int16Lanes)value & isFinite) | ((magnitude << 13 | 0x7f800000) & ~isFinite);
  return (Float16Lanes)(result | (bits & 0x8000) << 16);
}

// Normal results round in the bits; subnormal ones by a sum with a number whose last place is theirs.
static inline __attribute__((always_inline, swift_name("storeFloat16(_:_:)")))
void storeFloat16(Float16Lanes x, uint16_t *_Nonnull address) {
  Int16Lanes bits = (Int16Lanes)x;
  Int16Lanes magnitude = bits & 0x7fffffff;
  Int16Lanes normal = (magnitude - 0x38000000 + 0xfff + ((magnitude >> 13) & 1)) >> 13;
  Int16Lanes subnormal = (Int16Lanes)((Float16Lanes)magnitude + 0.5f) - 0x3f000000;
  Int16Lanes isSubnormal = magnitude < 0x38800000;
  Int16Lanes result = (subnormal & isSubnormal) | (normal & ~isSubnormal);
  Int16Lanes isTooLarge = magnitude >= 0x477ff000;
  result = (result & ~isTooLarge) | (0x7c00 & isTooLarge);
  Int16Lanes isNaN = magnitude > 0x7f800000;
  result = (result & ~isNaN) | ((0x7e00 | (magnitude >> 13 & 0x3ff)) & isNaN);
  Half16Lanes half = __builtin_convertvector(result | (bits >> 16 & 0x8000), Half16Lanes);
  __builtin_memcpy(address, &half, sizeof(half));
}

static inline __attribute__((always_inline, swift_name("widenedFloat16(_:)")))
float widenedFloat16(uint16_t x) {
  uint32_t magnitude = (x & 0x7fffu) << 13;
  float value;
  __builtin_memcpy(&value, &magnitude, sizeof(value));
  value *= 0x1p112f;
  if (magnitude >= 0x7c00u << 13) {
    magnitude |= 0x7f800000u;
    __builtin_memcpy(&value, &magnitude, sizeof(value));
  }
  return x & 0x8000 ? -value : value;
}

static inline __attribute__((always_inline, swift_name("roundedToFloat16(_:)")))
uint16_t roundedToFloat16(float x) {
  uint32_t bits;
  __builtin_memcpy(&bits, &x, sizeof(bits));
  uint32_t sign = bits >> 16 & 0x8000, magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return (uint16_t)(sign | 0x7e00 | (magnitude >> 13 & 0x3ff));
  if (magnitude >= 0x477ff000) return (uint16_t)(sign | 0x7c00);
  if (magnitude >= 0x38800000) {
    return (uint16_t)(sign | (magnitude - 0x38000000 + 0xfff + (magnitude >> 13 & 1)) >> 13);
  }
  float sum = (x < 0 ? -x : x) + 0.5f;
  __builtin_memcpy(&bits, &sum, sizeof(bits));
  return (uint16_t)(sign | (bits - 0x3f000000));
}
#endif

// Swift's own conversions of vectors go lane by lane.
static inline __attribute__((always_inline, swift_name("widened(_:)")))
Double16Lanes widened(Float16Lanes x) {
  return __builtin_convertvector(x, Double16Lanes);
}

static inline __attribute__((always_inline, swift_name("narrowed(_:)")))
Float16Lanes narrowed(Double16Lanes x) {
  return __builtin_convertvector(x, Float16Lanes);
}

// Writes a vector to an aligned address past the caches: for what does not fit into them.
static inline __attribute__((always_inline, swift_name("storePastCaches(_:_:)")))
void storePastCaches(Float16Lanes x, float *_Nonnull address) {
  __builtin_nontemporal_store(x, (Float16Lanes *)address);
}

// Lets other threads see what was written past the caches.
static inline __attribute__((always_inline, swift_name("finishStoresPastCaches()")))
void finishStoresPastCaches(void) {
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

// √x of each lane.
static inline __attribute__((always_inline, swift_name("squareRoots(_:)")))
Float16Lanes squareRoots(Float16Lanes x) {
  return __builtin_elementwise_sqrt(x);
}

// Asks for a cache line that will be read soon. The address may be any.
static inline __attribute__((always_inline, swift_name("prefetch(_:)")))
void prefetch(const void *_Nonnull address) {
  __builtin_prefetch(address, 0, 3);
}

// The C library's functions, for the one kernel that needs them.
static inline double exponential(double x) { return exp(x); }
static inline double naturalLogarithm(double x) { return log(x); }

// MARK: - The machine

// 0: what every processor has; 1: AVX2 and FMA; 2: AVX-512 F, BW, VL and DQ.
int processorLevel(void);

// Starts a thread; returns 0 on success. `thread` has room for a `pthread_t`.
int startThread(uint64_t *_Nonnull thread, void *_Nonnull context,
                void (*_Nonnull body)(void *_Nonnull context));
// Waits until a thread has ended.
void joinThread(uint64_t thread);
// Sleeps while `*word == expected`, until woken; may return early.
void sleepWhileEqual(const void *_Nonnull word, uint32_t expected);
// Wakes all who sleep on `word`.
void wakeSleepers(const void *_Nonnull word);
// Gives the processor to another thread.
void yieldProcessor(void);
// Nanoseconds of a clock that never goes back.
uint64_t monotonicNanoseconds(void);
// Tells the processor that this is a spinning loop.
static inline void pauseProcessor(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

// Takes the next number from a counter that threads share.
static inline long claimNext(long *_Nonnull counter) {
  return __atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
}

// MARK: - Tasks

// A blocked tensor: pixel (0, 0) of its first plane and how to walk, in elements: floats, or
// bfloat16 or float16 in the tables that store activations so.
typedef struct BlockedView {
  void *_Nullable origin;
  long row, block, image;
  long n, blocks, c, h, w, halo;
} BlockedView;

// The part of a convolution pass whose output pixels use the same filter taps: all of a forward
// pass, one of stride² interleaved grids of a backward-data pass.
typedef struct ConvolutionPhase {
  long firstTap, tapCount;
  long filter;         // where the phase's packed filter starts
  long y, x;           // its first output pixel
  long rows, columns;  // its output pixels
} ConvolutionPhase;

// Output pixel (y + i · outputStep, x + j · outputStep) gets the sum over taps and input channels
// of input(i · inputStep, j · inputStep) moved by the tap's offset, times the packed filter.
typedef struct ConvolutionTask {
  BlockedView input, output;
  const float *_Nonnull filter;
  const ConvolutionPhase *_Nonnull phases;
  const long *_Nonnull tapOffsets;
  long phaseCount, inputStep, outputStep;
  long vectors;        // output blocks in one register tile
  long imagesPerTask, rowsPerTask, rowGroups;
  bool accumulates;
} ConvolutionTask;

// Brings a filter [k, c, r, s] into the order in which tiles read it.
typedef struct FilterPackingTask {
  const float *_Nonnull w;
  float *_Nonnull packed;
  const ConvolutionPhase *_Nonnull phases;
  const long *_Nonnull tapIndices;
  long phaseCount, k, c, positions, vectors;
  bool swapsChannels;  // backward: the filter's k are the inputs, its c the outputs
} FilterPackingTask;

// The filter gradient of some images for some output channels, into a partial result.
typedef struct FilterGradientTask {
  BlockedView x, dy;
  float *_Nonnull partials;
  const long *_Nonnull tapOffsets;
  long positions, stride;
  long imagesPerChunk, chunks, partialStride;
  long narrowRows;  // 0, or: few input channels, `tapOffsets` has an entry per (channel, position)
} FilterGradientTask;

// Adds the partial results in order and brings them into the filter's layout.
typedef struct FilterReductionTask {
  const float *_Nonnull partials;
  float *_Nonnull dw;
  long chunks, partialStride, k, c, positions, narrowRows;
} FilterReductionTask;

// The tiles of 4 × 4 outputs of all images, and the padding of the convolution.
typedef struct TileGrid {
  long rows, columns, tiles;  // of an image, of an image, of all images
  long padding;
} TileGrid;

// The batch norm whose gradient is added up while it is written.
typedef struct NormGradient {
  BlockedView x, y;  // `y` matters only if a residual was added before a ReLU
  const float *_Nullable gamma, *_Nullable beta, *_Nullable mean, *_Nullable inverseDeviation;
  bool appliesReLU, appliesGELU, addsResidual;
} NormGradient;

// A Winograd convolution: `scratchStride` floats of scratch for each thread, a counter of blocks.
typedef struct WinogradTask {
  BlockedView input, output;
  TileGrid grid;
  const float *_Nonnull filter;  // transformed
  long filterPlane;              // floats between the 36 planes
  float *_Nonnull scratch;
  long scratchStride;
  long *_Nonnull nextBlock;
  const long *_Nonnull noOffset;  // a 0
  long tilesPerBlock, vectors;
  bool accumulates;
  // Sums over each block of tiles for the batch norm that comes next, or nothing.
  float *_Nullable sums;
  NormGradient norm;  // without an `x`: the sums of a forward pass
} WinogradTask;

// Transforms a filter [k, c, 3, 3] into 36 planes.
typedef struct WinogradFilterTask {
  const float *_Nonnull w;
  float *_Nonnull transformed;
  long plane, k, c, vectors;
  bool swapsChannels;  // backward: the filter's k are the inputs, its c the outputs
  bool bypassesCaches;
} WinogradFilterTask;

// The filter gradient in the transformed domain, cut into chunks of tiles and groups of outputs.
typedef struct WinogradGradientTask {
  BlockedView x, dy;
  TileGrid grid;
  float *_Nonnull partials;
  long partialStride;
  float *_Nonnull scratch;
  long scratchStride;
  long *_Nonnull nextTask;
  long tilesPerBlock, tilesPerChunk, chunks, blocksPerGroup, groups;
} WinogradGradientTask;

typedef struct WinogradReductionTask {
  const float *_Nonnull partials;
  float *_Nonnull dw;
  long chunks, partialStride, k, c;
} WinogradReductionTask;

// The sums of a part of a tensor are four vectors for each channel block. Forward: a pivot,
// Σ(x − pivot), Σ(x − pivot)² and the number of pixels; backward: Σ g and Σ g · (x − mean).
typedef struct BatchNormTask {
  BlockedView x, y, dy, residual, dx, dResidual;
  const float *_Nullable gamma, *_Nullable beta;
  float *_Nullable mean, *_Nullable inverseDeviation;
  float *_Nullable runningMean, *_Nullable runningVariance;
  float *_Nullable dGamma, *_Nullable dBeta;
  float *_Nonnull partials;      // [part][block][4][16]
  float *_Nonnull coefficients;  // per block: what the second pass multiplies by
  long planesPerTask, parts;
  float momentum, epsilon;
  // What follows: at most one. GELU is never combined with a residual.
  bool appliesReLU, appliesGELU;
  bool addsResidual;  // backward: the forward pass did
  bool accumulatesDx, accumulatesDResidual;
} BatchNormTask;

typedef struct ElementwiseTask {
  BlockedView a, b, y;
  long planesPerTask;
  float alpha;  // the bend of CELU
  bool accumulates;
} ElementwiseTask;

// A blocked tensor and a dense array: [n, c, h, w] for images, [n, c] for pooling.
typedef struct DenseTask {
  BlockedView blocked;
  const float *_Nullable input;
  float *_Nullable output;
  long planesPerTask;
  bool accumulates;
} DenseTask;

// y is the largest value of each window of x; `choices` has 16 bytes for each pixel of a plane of y.
typedef struct MaxPoolTask {
  BlockedView x, y;
  uint8_t *_Nullable choices;
  long size, stride, padding, planesPerTask;
  bool accumulates;
} MaxPoolTask;

// Dense y and choices, [n, c].
typedef struct GlobalMaxPoolTask {
  BlockedView x;
  float *_Nullable y, *_Nullable choices;
  long planesPerTask;
  bool accumulates;
} GlobalMaxPoolTask;

typedef struct BiasTask {
  BlockedView x, y, dx;  // backward: y is the output's gradient
  const float *_Nonnull bias;
  float *_Nullable dBias;
  float *_Nullable partials;  // per plane: Σ dx
  long planesPerTask;
  bool appliesReLU, appliesGELU;  // at most one
  bool accumulates;
} BiasTask;

typedef struct DownsampleTask {
  BlockedView x, y;
  long stride, planesPerTask;
  bool accumulates;
} DownsampleTask;

// x [n, c], w [k, c], y [n, k], all dense.
typedef struct LinearTask {
  const float *_Nonnull a, *_Nonnull b;
  float *_Nonnull result;
  const float *_Nullable bias;
  float *_Nullable dBias;
  long n, c, k, rowsPerTask;
  float scale;  // of every product
  bool accumulates;
} LinearTask;

// Rows of dense arrays, each with the distance of its rows.
typedef struct RowsTask {
  const float *_Nonnull source;
  float *_Nonnull target;
  long sourceStride, targetStride, count;  // floats of a row that are copied
  long rows, rowsPerTask;
  bool accumulates;
} RowsTask;

typedef struct CrossEntropyTask {
  const float *_Nonnull logits, *_Nonnull labels;
  float *_Nonnull losses, *_Nonnull correct;
  float *_Nullable dLogits;
  const float *_Nullable otherLabels, *_Nullable otherShares;  // both or none
  long n, k, validCount, rowsPerTask;
  float labelSmoothing;
} CrossEntropyTask;

// One instruction on vectors; operands are numbered, arrays first, then scalars, then temporaries.
typedef struct VectorInstruction {
  long operation;  // see `carryOut` of the variants
  long result, a, b, c;
} VectorInstruction;

// Instructions over dense arrays of one length.
typedef struct UpdateTask {
  const VectorInstruction *_Nonnull instructions;
  float *_Nullable *_Nonnull arrays;
  const float *_Nonnull scalars;
  long instructionCount, arrayCount, scalarCount, temporaryCount;
  long count, countPerTask;
} UpdateTask;

// The sum of squares of each part of a dense array.
typedef struct NormTask {
  const float *_Nonnull x;
  float *_Nonnull partials;
  long count, countPerTask;
} NormTask;

// What the machine can do at best: `rounds` of arithmetic, or a copy cut into parts.
typedef struct PeakTask {
  const float *_Nullable source;
  float *_Nonnull destination;
  long rounds, countPerTask;
} PeakTask;

// MARK: - The table

typedef void (*_Nonnull KernelFunction)(const void *_Nonnull task, long index);

typedef struct KernelTable {
  // Output blocks that a convolution tile holds; more in rows of at most `narrowColumns` pixels.
  long vectorsPerTile, vectorsPerNarrowTile, narrowColumns;
  long peakFlopsPerRound;
  KernelFunction convolution, packFilter, filterGradient, reduceFilterGradient;
  KernelFunction winograd, winogradFilter, winogradFilterGradient, reduceWinogradFilterGradient;
  KernelFunction batchNormSums, batchNormStatistics, batchNormInference, batchNormApply;
  KernelFunction batchNormGradientSums, batchNormGradientStatistics, batchNormGradientApply;
  KernelFunction relu, reluBackward, gelu, geluBackward, celu, celuBackward, add, copy;
  KernelFunction packImages, unpackImages, globalAveragePool, globalAveragePoolBackward;
  KernelFunction maxPool, maxPoolBackward, globalMaxPool, globalMaxPoolBackward;
  KernelFunction bias, biasBackward, reduceBiasGradient;
  KernelFunction downsample, downsampleBackward;
  KernelFunction linearForward, linearBackwardData, linearBackwardFilter, copyRows;
  KernelFunction softmaxCrossEntropy, update, squaredNorm;
  KernelFunction peakArithmetic, peakCopy;
} KernelTable;
