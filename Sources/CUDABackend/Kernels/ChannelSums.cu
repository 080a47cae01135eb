// Sums over the rows of [rows, c], two for each channel, in an order that depends on sizes alone:
// thread, block, then all blocks in a second kernel. Reads every value once; bandwidth limits it.
//
// Block: x over groups of V channels, y over rows (a power of two), BLOCK threads together.
// Grid: x over tiles of channels, y over chunks of rows.

// Adds up what the threads of one threadIdx.x hold; the sum is that of threadIdx.y = 0.
template <int V>
__device__ inline void sumOverRows(Pack<V> &value) {
  __shared__ float sums[V][BLOCK];
  const int thread = threadIdx.y * blockDim.x + threadIdx.x;
#pragma unroll
  for (int i = 0; i < V; ++i) sums[i][thread] = value.lane[i];
  for (int half = blockDim.y / 2; half > 0; half /= 2) {
    __syncthreads();
    if ((int)threadIdx.y < half) {
#pragma unroll
      for (int i = 0; i < V; ++i) sums[i][thread] += sums[i][thread + half * blockDim.x];
    }
  }
#pragma unroll
  for (int i = 0; i < V; ++i) value.lane[i] = sums[i][thread];
  __syncthreads();
}

__device__ inline int firstChannel(int width) {
  return (blockIdx.x * blockDim.x + threadIdx.x) * width;
}

// partial[2][c][chunks]: `add` gets the position of a row's values and the two sums to add to.
template <int V, class Add>
__device__ inline void channelSums(float *partial, int rows, int c, Add add) {
  const int channel = firstChannel(V), chunks = gridDim.y;
  Pack<V> a = {}, b = {};
  if (channel < c) {
    const int length = (rows + chunks - 1) / chunks;
    const int end = min(rows, (int)(blockIdx.y + 1) * length);
#pragma unroll 4
    for (int row = blockIdx.y * length + threadIdx.y; row < end; row += blockDim.y) {
      add((unsigned)row * c + channel, a, b);
    }
  }
  sumOverRows(a);
  sumOverRows(b);
  if (threadIdx.y == 0 && channel < c) {
#pragma unroll
    for (int i = 0; i < V; ++i) {
      partial[(channel + i) * chunks + blockIdx.y] = a.lane[i];
      partial[(c + channel + i) * chunks + blockIdx.y] = b.lane[i];
    }
  }
}

// The channel that a warp of the second kernel finishes, and its lane.
__device__ inline int warpChannel() { return (blockIdx.x * blockDim.x + threadIdx.x) >> 5; }

// The sum of `chunks` partial sums, the same in all lanes of the warp.
__device__ inline double warpTotal(const float *partial, int chunks) {
  double sum = 0;
  for (int i = threadIdx.x & 31; i < chunks; i += 32) sum += partial[i];
#pragma unroll
  for (int mask = 16; mask > 0; mask >>= 1) sum += __shfl_xor_sync(0xFFFFFFFFu, sum, mask);
  return sum;
}
