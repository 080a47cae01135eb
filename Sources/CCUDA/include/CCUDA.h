// The calls of NVIDIA's libraries that the CUDA backend makes, declared by hand.
//
// Nothing of NVIDIA is needed to build this: no header, no library to link against. Each library is
// a table of function pointers, filled at run time by what `CUDALoading.h` declares. The names of the
// fields are the names of the symbols, so that the table is its own list of what has to be there.
#pragma once

#include "CUDADriver.h"
#include "CUDALoading.h"
#include "CUDNN.h"
#include "NCCL.h"
#include "NVRTC.h"
