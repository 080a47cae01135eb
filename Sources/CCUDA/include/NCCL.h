// libnccl: sums over the GPUs of several processes.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// What every call answers: 0, or the number of an error.
typedef int32_t NCCLResult;
/// One process's end of a group of processes.
typedef void *NCCLCommunicator;

/// What names a group of processes; made by one of them and carried to the others.
typedef struct {
  char bytes[128];
} NCCLUniqueID;

/// F(result, symbol, parameters) for every function that is used.
#define NCCL_FUNCTIONS(F)                                                                         \
  F(NCCLResult, ncclGetVersion, (int *_Nonnull version))                                          \
  F(const char *_Nonnull, ncclGetErrorString, (NCCLResult result))                                \
  F(NCCLResult, ncclGetUniqueId, (NCCLUniqueID *_Nonnull id))                                     \
  F(NCCLResult, ncclCommInitRank, (NCCLCommunicator _Nullable *_Nonnull communicator,             \
                                   int rankCount, NCCLUniqueID id, int rank))                     \
  F(NCCLResult, ncclCommDestroy, (NCCLCommunicator _Nonnull communicator))                        \
  F(NCCLResult, ncclCommAbort, (NCCLCommunicator _Nonnull communicator))                          \
  F(NCCLResult, ncclCommGetAsyncError, (NCCLCommunicator _Nonnull communicator,                   \
                                        NCCLResult *_Nonnull error))                              \
  F(NCCLResult, ncclAllReduce,                                                                    \
    (const void *_Nullable source, void *_Nullable target, size_t count, int type,                \
     int operation, NCCLCommunicator _Nonnull communicator, void *_Nullable stream))

#define NCCL_FIELD(result, name, parameters) result(*_Nonnull name) parameters;

/// The functions of the collectives.
typedef struct {
  NCCL_FUNCTIONS(NCCL_FIELD)
} NCCLFunctions;

/// What is no failure: something goes on in the background.
enum { NCCL_IN_PROGRESS = 7 };
/// The type of values that are summed.
enum { NCCL_FLOAT32 = 7 };
/// What is done with them.
enum { NCCL_SUM = 0 };
