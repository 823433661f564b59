#pragma once
// Header-only use: short inputs are hashed inline, without a call into the library.
#define XXH_INLINE_ALL
// Swift compiles headers without the macros that tell xxHash of an optimizing compiler.
#define XXH_NO_INLINE_HINTS 0
#include <xxhash.h>

// Inlining renames xxHash's functions by macros, which Swift does not see.
static inline XXH128_hash_t xxh3_128(const void *_Nullable bytes, size_t count, uint64_t seed) {
  return XXH3_128bits_withSeed(bytes, count, seed);
}
