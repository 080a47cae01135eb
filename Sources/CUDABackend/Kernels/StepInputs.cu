// The schedule on the device: a ring of rows of step inputs, and a counter of those taken.

// Copies the next row into the slot that all other kernels read. One block.
KERNEL void takeStepInputs(
    const float *__restrict__ rows, int *__restrict__ counter, float *__restrict__ slot, int width,
    int capacity) {
  const float *row = rows + (unsigned)*counter % (unsigned)capacity * (unsigned)width;
  for (int i = threadIdx.x; i < width; i += blockDim.x) slot[i] = row[i];
  __syncthreads();
  if (threadIdx.x == 0) *counter = (int)((unsigned)*counter + 1);
}
