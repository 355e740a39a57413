/* A host in C: in-memory blocks, and injected failures. */
#ifndef FVM_TESTS_HOST_H
#define FVM_TESTS_HOST_H

#define FVM_DECLARE_HOST
#include "filcrypto.h"
#include "vector.h"

enum host_function {
    HOST_GET,
    HOST_HAS,
    HOST_PUT,
    HOST_PUT_MANY,
    HOST_CHAIN_RANDOMNESS,
    HOST_BEACON_RANDOMNESS,
    HOST_CONSENSUS_FAULT,
    HOST_TIPSET_CID,
    HOST_FUNCTIONS
};

/** The only valid handle, of the store and the externs. */
#define HOST_HANDLE 7u

/** Clears all blocks, failures and counters, and loads the blocks of a vector (or none). */
void host_reset(struct vector const *vector);

/** Number of calls of a function since the reset. */
unsigned long host_calls(enum host_function function);

/** After this many further calls of a function, makes one return a code instead of working; -1 in `after`
 * disables it. */
void host_fail(enum host_function function, long after, int32_t code);

/** Whether the store has a block. */
bool host_has(struct bytes cid);

void host_put(struct bytes cid, struct bytes data);

/** Called at the start of every callback, if set. */
extern void (*host_hook)(enum host_function function);

/** Maximum number of concurrent callbacks since the reset. */
unsigned host_most_at_once(void);

/** Maximum bytes and blocks of a put_many since the reset. */
extern size_t host_largest_batch, host_longest_batch;

#endif
