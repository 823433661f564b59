#pragma once

// Swift has no word for it.
static inline void prefetch(const void *_Nullable address) { __builtin_prefetch(address); }
