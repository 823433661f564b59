#pragma once
#include <sys/prctl.h>

// Variadic, and so not for Swift.
static inline void thread_set_name(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }
