// Matrix products of features, all float: small beside the convolutions.
//
// A block makes a tile of TILE × TILE results over its share of the depth; the shares are added by a
// second kernel, in order. With one input of every tile contiguous along the depth and the other
// along a side, both are loaded along what is contiguous.

#define TILE 32

// partial[share][i][j] = Σ_l a(i, l) · b(l, j) over the share's part of `depth`.
//
// a(i, l) is a[i · ai + l · al], b(l, j) is b[l · bl + j · bj]. Block: TILE × 8 threads, each of which
// makes 4 results of one column. Grid: x over tiles of columns, y over tiles of rows, z over shares.
KERNEL void __launch_bounds__(256) product(
    const float *__restrict__ a, int ai, int al, const float *__restrict__ b, int bl, int bj,
    float *__restrict__ partial, int rows, int columns, int depth) {
  __shared__ float tileA[TILE][TILE + 1], tileB[TILE][TILE + 1];
  const int x = threadIdx.x, y = threadIdx.y;
  const int firstRow = blockIdx.y * TILE, firstColumn = blockIdx.x * TILE;
  const int share = (depth + gridDim.z - 1) / gridDim.z;
  const int begin = blockIdx.z * share, end = min(depth, begin + share);
  float sums[4] = {};
  for (int first = begin; first < end; first += TILE) {
#pragma unroll
    for (int part = 0; part < TILE / 8; ++part) {
      const int k = y + 8 * part;
      // Neighbouring threads go along what is contiguous: tileA[row][l], tileB[l][column].
      const int i = al == 1 ? k : x, la = al == 1 ? x : k;
      const int row = firstRow + i, depthA = first + la;
      tileA[i][la] = row < rows && depthA < end ? a[(unsigned)row * ai + depthA * al] : 0;
      const int lb = bj == 1 ? k : x, j = bj == 1 ? x : k;
      const int column = firstColumn + j, depthB = first + lb;
      tileB[lb][j] = column < columns && depthB < end ? b[(unsigned)depthB * bl + column * bj] : 0;
    }
    __syncthreads();
#pragma unroll
    for (int l = 0; l < TILE; ++l) {
      const float value = tileB[l][x];
#pragma unroll
      for (int i = 0; i < 4; ++i) sums[i] += tileA[y + 8 * i][l] * value;
    }
    __syncthreads();
  }
#pragma unroll
  for (int i = 0; i < 4; ++i) {
    const int row = firstRow + y + 8 * i, column = firstColumn + x;
    if (row < rows && column < columns) {
      partial[((unsigned)blockIdx.z * rows + row) * columns + column] = sums[i];
    }
  }
}

// y = scale · Σ partial (+ bias of the column), or added to y.
KERNEL void productSum(
    const float *__restrict__ partial, int shares, int count, int columns, float scale,
    const float *__restrict__ bias, float *__restrict__ y, int accumulates) {
  for (unsigned i = firstIndex(); i < count; i += indexStride()) {
    float sum = 0;
    for (int share = 0; share < shares; ++share) sum += partial[(unsigned)share * count + i];
    sum *= scale;
    if (bias) sum += bias[i % columns];
    y[i] = accumulates ? y[i] + sum : sum;
  }
}

// sums[k] = Σ_n x[n, k]. Block: 32 × 8 threads; grid: tiles of 32 columns.
KERNEL void columnSums(const float *__restrict__ x, float *__restrict__ sums, int rows, int columns) {
  __shared__ float parts[8][32];
  const int column = blockIdx.x * 32 + threadIdx.x;
  float sum = 0;
  if (column < columns) {
    for (int row = threadIdx.y; row < rows; row += 8) sum += x[(unsigned)row * columns + column];
  }
  parts[threadIdx.y][threadIdx.x] = sum;
  __syncthreads();
  if (threadIdx.y != 0 || column >= columns) return;
  for (int i = 1; i < 8; ++i) sum += parts[i][threadIdx.x];
  sums[column] = sum;
}

// to[n, k] = from[n, k], or added, for k < columns; the two lie in wider rows.
KERNEL void copyRows(
    const float *from, int fromWidth, float *to, int toWidth, int rows, int columns,
    int accumulates) {
  for (unsigned i = firstIndex(); i < rows * columns; i += indexStride()) {
    const unsigned row = i / columns, column = i % columns;
    const float value = from[row * fromWidth + column];
    float &target = to[row * toWidth + column];
    target = accumulates ? target + value : value;
  }
}
