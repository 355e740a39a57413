/* The program fvm-shadow-follower. */
#ifndef FVM_SHADOW_CHILD_H
#define FVM_SHADOW_CHILD_H

#include "../wire.h"

/** What the references of the library reach. */
HIDDEN extern struct redirect host_redirects[];

/** The host has no functions that verify proofs: the library must find none. */
HIDDEN void host_without_proofs(void);

/** The shadow's handle of the machine whose call runs; 0 between calls, when the host cannot be asked. */
HIDDEN void host_work_for(uint64_t handle);

/** Maps the shadow's page, and closes its file. */
HIDDEN void pause_use_page(void);
/** Returns once the leader is done, or at once. Where the library asks the host, allocates, or begins a call. */
HIDDEN void pause_if_needed(void);
HIDDEN void *pausing_malloc(size_t size);
HIDDEN void *pausing_calloc(size_t count, size_t size);
HIDDEN void *pausing_realloc(void *block, size_t size);
HIDDEN int pausing_posix_memalign(void **block, size_t alignment, size_t size);
HIDDEN void *pausing_aligned_alloc(size_t alignment, size_t size);

#endif
