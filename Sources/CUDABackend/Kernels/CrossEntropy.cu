// The loss of a classifier with its gradient: a warp a sample.

// losses[n] = −Σ_k t[n,k] · log softmax(logits)[n,k], dlogits = (softmax − t) / validCount.
//
// `stepInputs` begins with the valid count and the smoothing; the latter is for training alone, where
// `dLogits` is given. `others` and `shares` are the labels mixed in, or null.
KERNEL void crossEntropy(
    const float *__restrict__ logits, const float *__restrict__ labels,
    const float *__restrict__ others, const float *__restrict__ shares,
    const float *__restrict__ stepInputs, float *__restrict__ losses, float *__restrict__ hits,
    float *__restrict__ dLogits, int n, int k) {
  const int sample = (blockIdx.x * blockDim.x + threadIdx.x) >> 5, lane = threadIdx.x & 31;
  if (sample >= n) return;
  const float validCount = stepInputs[0], smoothing = dLogits ? stepInputs[1] : 0;
  const float *row = logits + (unsigned)sample * k;
  float *gradient = dLogits ? dLogits + (unsigned)sample * k : nullptr;
  if (sample >= (int)validCount) {
    for (int i = lane; dLogits && i < k; i += 32) gradient[i] = 0;
    if (lane == 0) losses[sample] = hits[sample] = 0;
    return;
  }
  float largest = -__uint_as_float(0x7F800000u);
  int best = k;
  for (int i = lane; i < k; i += 32) {
    if (row[i] > largest) {
      largest = row[i];
      best = i;
    }
  }
#pragma unroll
  for (int mask = 16; mask > 0; mask >>= 1) {
    const float value = __shfl_xor_sync(0xFFFFFFFFu, largest, mask);
    const int other = __shfl_xor_sync(0xFFFFFFFFu, best, mask);
    if (value > largest || (value == largest && other < best)) {
      largest = value;
      best = other;
    }
  }
  float sum = 0;
  for (int i = lane; i < k; i += 32) sum += expf(row[i] - largest);
#pragma unroll
  for (int mask = 16; mask > 0; mask >>= 1) sum += __shfl_xor_sync(0xFFFFFFFFu, sum, mask);
  const float logarithm = logf(sum);
  const int label = (int)labels[sample], other = others ? (int)others[sample] : label;
  const float share = shares ? shares[sample] : 0;
  const auto hot = [&](int i) { return (i == label ? 1 - share : 0) + (i == other ? share : 0); };
  float loss = 0;
  for (int i = lane; i < k; i += 32) {
    const float target = smoothing / k + (1 - smoothing) * hot(i);
    loss -= target * (row[i] - largest - logarithm);
    if (gradient) gradient[i] = (expf(row[i] - largest) / sum - target) / validCount;
  }
#pragma unroll
  for (int mask = 16; mask > 0; mask >>= 1) loss += __shfl_xor_sync(0xFFFFFFFFu, loss, mask);
  if (lane != 0) return;
  losses[sample] = loss;
  hits[sample] = best < k ? hot(best) : 0;
}
