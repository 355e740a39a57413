/* A host in C: blocks in memory, answers that tests may turn into failures. */
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

/** The store and the externs are known under this handle, and no other. */
#define HOST_HANDLE 7u

/** Forgets all blocks, failures and counts, and takes in those of a vector (or none). */
void host_reset(struct vector const *vector);

/** How often a function was called since the reset. */
unsigned long host_calls(enum host_function function);

/** Lets the call that comes after so many others of a function answer a code instead of working, once; -1 in
 *  `after` never. */
void host_fail(enum host_function function, long after, int32_t code);

/** Whether the store has a block. */
bool host_has(struct bytes cid);

/** Puts a block. */
void host_put(struct bytes cid, struct bytes data);

/** Called at the start of every callback, if set. */
extern void (*host_hook)(enum host_function function);

/** The most callbacks that were under way at once since the reset. */
unsigned host_most_at_once(void);

/** The most bytes and blocks of a put_many since the reset. */
extern size_t host_largest_batch, host_longest_batch;

#endif
