// Stacks to run a thread on, and the change from one to another.
#pragma once

#include <cstdint>
#include <cstdlib>

// Saves the registers on the current stack and its top in `*from`, and goes on with `to`.
//
// By hand, since swapcontext makes two system calls, which would be most of the time.
extern "C" void emulatedSwitch(void **from, void *to) __asm__("emulatedSwitch");

#if defined(__x86_64__)
__asm__(
    ".text\n.globl emulatedSwitch\nemulatedSwitch:\n"
    "pushq %rbp\npushq %rbx\npushq %r12\npushq %r13\npushq %r14\npushq %r15\n"
    "movq %rsp, (%rdi)\nmovq %rsi, %rsp\n"
    "popq %r15\npopq %r14\npopq %r13\npopq %r12\npopq %rbx\npopq %rbp\nretq\n");
#elif defined(__aarch64__)
__asm__(
    ".text\n.globl emulatedSwitch\n.p2align 2\nemulatedSwitch:\n"
    "sub sp, sp, #160\n"
    "stp x19, x20, [sp]\nstp x21, x22, [sp, #16]\nstp x23, x24, [sp, #32]\n"
    "stp x25, x26, [sp, #48]\nstp x27, x28, [sp, #64]\nstp x29, x30, [sp, #80]\n"
    "stp d8, d9, [sp, #96]\nstp d10, d11, [sp, #112]\nstp d12, d13, [sp, #128]\n"
    "stp d14, d15, [sp, #144]\n"
    "mov x9, sp\nstr x9, [x0]\nmov sp, x1\n"
    "ldp x19, x20, [sp]\nldp x21, x22, [sp, #16]\nldp x23, x24, [sp, #32]\n"
    "ldp x25, x26, [sp, #48]\nldp x27, x28, [sp, #64]\nldp x29, x30, [sp, #80]\n"
    "ldp d8, d9, [sp, #96]\nldp d10, d11, [sp, #112]\nldp d12, d13, [sp, #128]\n"
    "ldp d14, d15, [sp, #144]\n"
    "add sp, sp, #160\nret\n");
#else
#error "the emulation of CUDA changes stacks on x86-64 and 64-bit ARM only"
#endif

// A stack that begins with a function.
struct Fiber {
  static constexpr size_t stackByteCount = 32 << 10;

  char *stack = static_cast<char *>(std::aligned_alloc(64, stackByteCount));
  void *top = nullptr;
  int thread = -1;

  Fiber() = default;
  Fiber(const Fiber &) = delete;
  ~Fiber() { std::free(stack); }

  void begin(void (*function)()) {
#if defined(__x86_64__)
    // Six registers and the return address; the stack is 8 below a multiple of 16 behind a call.
    auto *place = reinterpret_cast<uint64_t *>(stack + stackByteCount) - 10;
    for (int i = 0; i < 10; ++i) place[i] = 0;
    place[6] = reinterpret_cast<uint64_t>(function);
#else
    auto *place = reinterpret_cast<uint64_t *>(stack + stackByteCount) - 20;
    for (int i = 0; i < 20; ++i) place[i] = 0;
    place[11] = reinterpret_cast<uint64_t>(function);
#endif
    top = place;
  }
};
