// Opens NVIDIA's libraries and looks up what the tables name.
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "CUDADriver.h"
#include "CUDNN.h"
#include "NCCL.h"
#include "NVRTC.h"

/// Opens the driver.
///
/// Each of these opens `path`, a path or a bare name that the system's loader knows. A library stays
/// open for the life of the process: its code may be on a stack of its own threads at any time.
///
/// - Returns: Its functions; NULL if it cannot be opened or lacks a symbol, with the loader's words or
///   the names of the missing symbols in `message`, cut to `capacity` bytes with the final zero.
const CUDADriverFunctions *_Nullable cudaLoadDriver(
    const char *_Nonnull path, char *_Nonnull message, size_t capacity);

/// Opens the compiler; see `cudaLoadDriver`.
const NVRTCFunctions *_Nullable cudaLoadNVRTC(
    const char *_Nonnull path, char *_Nonnull message, size_t capacity);

/// Opens cuDNN; see `cudaLoadDriver`.
const CUDNNFunctions *_Nullable cudaLoadCUDNN(
    const char *_Nonnull path, char *_Nonnull message, size_t capacity);

/// Opens NCCL; see `cudaLoadDriver`.
const NCCLFunctions *_Nullable cudaLoadNCCL(
    const char *_Nonnull path, char *_Nonnull message, size_t capacity);

/// Opens a library of which nothing is called here, because another one looks it up by its bare name.
///
/// - Returns: Whether it is open now; if not, `message` holds the loader's words.
bool cudaLoadDependency(const char *_Nonnull path, char *_Nonnull message, size_t capacity);

/// The file that a function comes from; false if the system cannot tell.
bool cudaFileOfFunction(const void *_Nonnull function, char *_Nonnull path, size_t capacity);
