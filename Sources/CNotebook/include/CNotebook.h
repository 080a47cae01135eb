// What a notebook's process needs and Swift cannot say: leave a cell's top level after an uncaught
// error without ending the process, note an interrupt, and hold the process's one line to the kernel.
#pragma once
#include <stdbool.h>
#include <stdint.h>

/// The two ends of the line to the kernel; negative where there is none.
typedef struct {
  /// Where events are written, a line of JSON each.
  int32_t events;
  /// Where the kernel's answers are read, a byte each.
  int32_t answers;
} NotebookLine;

/// Says where the kernel listens; called once by the process that runs cells.
void notebook_open(int32_t events, int32_t answers);

/// What `notebook_open` was told.
NotebookLine notebook_line(void);

/// Keeps other threads from writing to the line, or lets them again.
void notebook_lock(void);
void notebook_unlock(void);

/// 1, 2, 3 and so on: numbers for what is displayed.
int64_t notebook_next_number(void);

/// Calls a cell's entry point.
///
/// Returns 0 when the cell has come to its end, and 1 when an error has left it, which has been
/// reported by then.
int32_t notebook_run(int32_t (*entry)(int32_t, char **));

/// Whether somebody has interrupted the running cell.
bool notebook_is_interrupted(void);

/// Whether this process is one that a kernel runs cells in.
bool notebook_is_open(void);
