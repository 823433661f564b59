// Tells ThreadSanitizer of Swift's reference counts, which the runtime library keeps, uninstrumented: who is
// the only owner of something may change or free it, after all that other owners did before they let go of it. These
// stand in for its functions, and call them.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>

// Found when first called, which may be before any constructor of ours.
#define NEXT(name) \
  ({ \
    static void *found; \
    if (!found) found = dlsym(RTLD_NEXT, name); \
    found; \
  })

void __tsan_acquire(void *);
void __tsan_release(void *);

bool swift_isUniquelyReferenced_nonNull_native(void *object) {
  bool answer = ((bool (*)(void *))NEXT("swift_isUniquelyReferenced_nonNull_native"))(object);
  if (answer) __tsan_acquire(object);
  return answer;
}

static void let_go(void *object) {
  // What is no pointer is not counted.
  if ((intptr_t)object <= 0) return;
  // The last one frees it.
  if (!swift_isUniquelyReferenced_nonNull_native(object)) __tsan_release(object);
}

void swift_release(void *object) {
  let_go(object);
  ((void (*)(void *))NEXT("swift_release"))(object);
}

void swift_release_n(void *object, uint32_t count) {
  let_go(object);
  ((void (*)(void *, uint32_t))NEXT("swift_release_n"))(object, count);
}
