#pragma once
// Header-only use: short inputs are hashed inline, without a call into the library.
#define XXH_INLINE_ALL
#include <xxhash.h>
