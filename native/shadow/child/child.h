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

#endif
