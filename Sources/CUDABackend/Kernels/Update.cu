// Optimisers, averages, sums of gradients and norms over all parameters at once.
//
// The host writes tables once, when a program is made ready; offsets in them count floats from
// `base`. What changes from step to step stands in slots, which the tables only point to.

// The operations of a rule, in the host's numbers.
enum { MULTIPLY_ADD, ADD, SUBTRACT, MULTIPLY, DIVIDE, SQUARE_ROOT, COPY };

// The words of a scalar's formula, a stack machine's.
enum {
  CONSTANT = 16, ELEMENT, SUM_OF_ELEMENTS, PLUS, MINUS, TIMES, OVER, ROOT, POWER, MINIMUM,
  WHEN_POSITIVE, END,
};

// aⁿ for a whole number n ≥ 0, by repeated squaring.
__device__ inline double power(double base, double exponent) {
  if (!(exponent >= 0 && exponent <= 1e15)) return __uint_as_float(0x7FFFFFFFu);
  double result = 1;
  for (unsigned long long rest = (unsigned long long)exponent; rest > 0; rest >>= 1) {
    if (rest & 1) result *= base;
    base *= base;
  }
  return result;
}

#define STACK 12

// A number of 64 bits from two words, the upper half first.
__device__ inline long long joined(const int *word) {
  return (long long)((unsigned long long)(unsigned)word[0] << 32 | (unsigned)word[1]);
}

// scalars[i] = the value of the formula that begins at words[starts[i]], worked out in double.
//
// The stacks lie in shared memory: registers cannot be numbered. Block: 32 threads.
KERNEL void evaluateScalars(
    const float *base, const int *starts, const int *words, float *scalars, int count) {
  __shared__ double stacks[STACK][32];
  const int index = blockIdx.x * 32 + threadIdx.x;
  if (index >= count) return;
  int depth = 0;
  const auto top = [&](int below) -> double & { return stacks[depth - 1 - below][threadIdx.x]; };
  for (const int *word = words + starts[index]; *word != END;) {
    switch (*word++) {
      case CONSTANT:
        ++depth;
        top(0) = __longlong_as_double(joined(word));
        word += 2;
        break;
      case ELEMENT:
        ++depth;
        top(0) = base[joined(word)];
        word += 2;
        break;
      case SUM_OF_ELEMENTS: {
        double sum = 0;
        for (int i = 0; i < word[2]; ++i) sum += base[joined(word) + i];
        ++depth;
        top(0) = sum;
        word += 3;
        break;
      }
      case PLUS: --depth; stacks[depth - 1][threadIdx.x] += stacks[depth][threadIdx.x]; break;
      case MINUS: --depth; stacks[depth - 1][threadIdx.x] -= stacks[depth][threadIdx.x]; break;
      case TIMES: --depth; stacks[depth - 1][threadIdx.x] *= stacks[depth][threadIdx.x]; break;
      case OVER: --depth; stacks[depth - 1][threadIdx.x] /= stacks[depth][threadIdx.x]; break;
      case ROOT: top(0) = sqrt(top(0)); break;
      case POWER: {
        const double result = power(top(1), top(0));
        --depth;
        top(0) = result;
        break;
      }
      case MINIMUM: {
        // What is not a number does not win.
        const double result = top(0) < top(1) ? top(0) : top(1);
        --depth;
        top(0) = result;
        break;
      }
      case WHEN_POSITIVE: {
        const double result = top(2) > 0 ? top(1) : top(0);
        depth -= 2;
        top(0) = result;
        break;
      }
    }
  }
  scalars[index] = (float)top(0);
}

// One tensor's share of an update.
struct Segment {
  int count, firstScalar;
  long long tensors[6];
};

// The values of an update's block, and how many of 4 of them a thread can hold.
#define CHUNK 2048
#define THREADS 128
#define REGISTERS 12

struct Instruction {
  int operation, result, a, b, c;
};

// The same instructions on every element of every segment: one pass over memory, whatever the
// optimiser. Operands are numbered tensors, scalars, temporaries; tensors and temporaries of a
// thread lie in shared memory, four values each, where numbering them costs nothing.
//
// `blocks` gives each block's segment and first element. The masks say which tensors to load and
// which to store. Nothing is done where `condition` is given and not above 0.
KERNEL void __launch_bounds__(THREADS) update(
    float *base, const Segment *segments, const int2 *blocks, const Instruction *instructions,
    int instructionCount, const float *scalars, const float *condition, int tensorCount,
    int scalarCount, int loads, int stores) {
  __shared__ float4 registers[REGISTERS][THREADS];
  __shared__ float constants[32];
  if (condition && !(*condition > 0)) return;
  const int2 block = blocks[blockIdx.x];
  const Segment &segment = segments[block.x];
  if ((int)threadIdx.x < scalarCount) {
    constants[threadIdx.x] = scalars[segment.firstScalar + threadIdx.x];
  }
  __syncthreads();
  const int end = min(segment.count, block.y + CHUNK);
  for (int first = block.y + 4 * threadIdx.x; first < end; first += 4 * THREADS) {
    const bool isWhole = first + 4 <= end;
    for (int t = 0; t < tensorCount; ++t) {
      if (!(loads >> t & 1)) continue;
      const float *from = base + segment.tensors[t] + first;
      float4 value = {0, 0, 0, 0};
      if (isWhole) {
        value = *reinterpret_cast<const float4 *>(from);
      } else {
        value.x = from[0];
        if (first + 1 < end) value.y = from[1];
        if (first + 2 < end) value.z = from[2];
      }
      registers[t][threadIdx.x] = value;
    }
    const auto read = [&](int operand) -> float4 {
      const int scalar = operand - tensorCount;
      if (scalar >= 0 && scalar < scalarCount) {
        const float value = constants[scalar];
        return {value, value, value, value};
      }
      return registers[scalar < 0 ? operand : operand - scalarCount][threadIdx.x];
    };
    for (int i = 0; i < instructionCount; ++i) {
      const Instruction instruction = instructions[i];
      float4 a = read(instruction.a);
      const float4 b = read(instruction.b);
      switch (instruction.operation) {
        case MULTIPLY_ADD: {
          const float4 c = read(instruction.c);
          a = {fmaf(a.x, b.x, c.x), fmaf(a.y, b.y, c.y), fmaf(a.z, b.z, c.z), fmaf(a.w, b.w, c.w)};
          break;
        }
        case ADD: a = {a.x + b.x, a.y + b.y, a.z + b.z, a.w + b.w}; break;
        case SUBTRACT: a = {a.x - b.x, a.y - b.y, a.z - b.z, a.w - b.w}; break;
        case MULTIPLY: a = {a.x * b.x, a.y * b.y, a.z * b.z, a.w * b.w}; break;
        case DIVIDE: a = {a.x / b.x, a.y / b.y, a.z / b.z, a.w / b.w}; break;
        case SQUARE_ROOT: a = {sqrtf(a.x), sqrtf(a.y), sqrtf(a.z), sqrtf(a.w)}; break;
      }
      const int result = instruction.result;
      registers[result < tensorCount ? result : result - scalarCount][threadIdx.x] = a;
    }
    for (int t = 0; t < tensorCount; ++t) {
      if (!(stores >> t & 1)) continue;
      float *to = base + segment.tensors[t] + first;
      const float4 value = registers[t][threadIdx.x];
      if (isWhole) {
        *reinterpret_cast<float4 *>(to) = value;
      } else {
        to[0] = value.x;
        if (first + 1 < end) to[1] = value.y;
        if (first + 2 < end) to[2] = value.z;
      }
    }
  }
}

// partial[block] = Σ x² over the block's part of its segment. Block: BLOCK threads.
KERNEL void squaredNormParts(
    const float *base, const Segment *segments, const int2 *blocks, float *partial) {
  __shared__ float sums[BLOCK / 32];
  const int2 block = blocks[blockIdx.x];
  const Segment &segment = segments[block.x];
  const float *x = base + segment.tensors[0];
  const int end = min(segment.count, block.y + CHUNK);
  float sum = 0;
  for (int i = block.y + threadIdx.x; i < end; i += BLOCK) sum += x[i] * x[i];
#pragma unroll
  for (int mask = 16; mask > 0; mask >>= 1) sum += __shfl_xor_sync(0xFFFFFFFFu, sum, mask);
  if ((threadIdx.x & 31) == 0) sums[threadIdx.x >> 5] = sum;
  __syncthreads();
  if (threadIdx.x != 0) return;
  for (int i = 1; i < BLOCK / 32; ++i) sum += sums[i];
  partial[blockIdx.x] = sum;
}

// The norm of each segment from its blocks' parts, `firstScalar` the first of them. A warp a segment.
KERNEL void squaredNorms(float *base, const Segment *segments, const float *partial, int count) {
  const int index = (blockIdx.x * blockDim.x + threadIdx.x) >> 5;
  if (index >= count) return;
  const Segment &segment = segments[index];
  const int blocks = (segment.count + CHUNK - 1) / CHUNK;
  double sum = 0;
  for (int i = threadIdx.x & 31; i < blocks; i += 32) sum += partial[segment.firstScalar + i];
#pragma unroll
  for (int mask = 16; mask > 0; mask >>= 1) sum += __shfl_xor_sync(0xFFFFFFFFu, sum, mask);
  if ((threadIdx.x & 31) == 0) base[segment.tensors[1]] = (float)sum;
}

// tensor 1 = tensor 0 of every segment, rounded: the filters as convolutions want them. Offsets of
// the target count its own values.
KERNEL void castSegmentsToValues(
    const float *base, Value *target, const Segment *segments, const int2 *blocks) {
  const int2 block = blocks[blockIdx.x];
  const Segment &segment = segments[block.x];
  const int end = min(segment.count, block.y + CHUNK);
  for (int i = block.y + threadIdx.x; i < end; i += BLOCK) {
    fromFloat(base[segment.tensors[0] + i], target[segment.tensors[1] + i]);
  }
}

// tensor 0 = tensor 1 of every segment, exactly: the filters' gradients as the optimiser wants them.
KERNEL void castSegmentsToFloats(
    float *base, const Value *source, const Segment *segments, const int2 *blocks) {
  const int2 block = blocks[blockIdx.x];
  const Segment &segment = segments[block.x];
  const int end = min(segment.count, block.y + CHUNK);
  for (int i = block.y + threadIdx.x; i < end; i += BLOCK) {
    base[segment.tensors[0] + i] = toFloat(source[segment.tensors[1] + i]);
  }
}
