// NCCL without a GPU: one process of a group, whose others have its own values, each with 1024 more than
// the one before. Sums are made at once, in memory that is the host's.
//
// FAILING is the name of a call that is refused, HANGING of one that never returns. Of the sums the first
// GOOD_SUMS are made, OFFSET is what they are wrong by.
#include <unistd.h>

#include "FakeLog.h"
#include "NCCL.h"

#ifndef FAILING
#define FAILING ""
#endif
#ifndef HANGING
#define HANGING ""
#endif
#ifndef GOOD_SUMS
#define GOOD_SUMS 1000
#endif
#ifndef OFFSET
#define OFFSET 0
#endif
#ifndef ASYNC_ERROR
#define ASYNC_ERROR 0
#endif

#define BEGIN                                                                                     \
  if (strcmp(__func__, FAILING) == 0) return 5;                                                   \
  while (strcmp(__func__, HANGING) == 0) sleep(1)

static int groupCount, groupRank, sumCount;

NCCLResult ncclGetVersion(int *version) {
  *version = 22809;
  return 0;
}
const char *ncclGetErrorString(NCCLResult result) {
  return result == 5 ? "invalid usage" : result == 6 ? "remote process exited" : "no error";
}
NCCLResult ncclGetUniqueId(NCCLUniqueID *id) {
  BEGIN;
  for (int i = 0; i < 128; i++) id->bytes[i] = (char)(i * 7);
  return 0;
}
NCCLResult ncclCommInitRank(NCCLCommunicator *communicator, int count, NCCLUniqueID id, int rank) {
  BEGIN;
  for (int i = 0; i < 128; i++) {
    if (id.bytes[i] != (char)(i * 7)) return 4;
  }
  note("join %d processes as %d", count, rank);
  groupCount = count;
  groupRank = rank;
  *communicator = (NCCLCommunicator)(uintptr_t)2000;
  return 0;
}
NCCLResult ncclCommDestroy(NCCLCommunicator communicator) {
  note("leave the processes");
  return 0;
}
NCCLResult ncclCommAbort(NCCLCommunicator communicator) {
  note("abort sums");
  return 0;
}
NCCLResult ncclCommGetAsyncError(NCCLCommunicator communicator, NCCLResult *error) {
  *error = ASYNC_ERROR;
  return 0;
}
NCCLResult ncclAllReduce(
    const void *source, void *target, size_t count, int type, int operation,
    NCCLCommunicator communicator, void *stream) {
  BEGIN;
  if (sumCount++ >= GOOD_SUMS) return 5;
  if (type != 7 || operation != 0 || (uintptr_t)communicator != 2000) return 4;
  note("sum %zu values on %d", count, (int)(uintptr_t)stream);
  for (size_t i = 0; i < count; i++) {
    float sum = OFFSET;
    for (int r = 0; r < groupCount; r++) {
      sum += ((const float *)source)[i] + 1024 * (float)(r - groupRank);
    }
    ((float *)target)[i] = sum;
  }
  return 0;
}
