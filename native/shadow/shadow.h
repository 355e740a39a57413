/* Declarations shared by the files of libfvm_shadow: the interface of
 * filcrypto.h in front of two libraries that have the same one. The leader
 * answers; the follower computes the same again on a thread of its own, and is
 * compared (docs/shadow.md). */
#ifndef FVM_SHADOW_H
#define FVM_SHADOW_H

#define FVM_DECLARE_HOST
#include "filcrypto.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#define HIDDEN __attribute__((visibility("hidden")))
#define EXPORT __attribute__((visibility("default")))

/* ---- Settings and log (settings.c). */

struct settings {
    char const *leader, *follower; /* paths */
    char const *program;           /* of the follower's process; NULL for a follower in this one */
    char const *out, *metrics;     /* folder of vectors, file of metrics; NULL for none */
    double sample;                 /* share of machines, by state and epoch */
    long timeout_ms;               /* of one call of the follower */
    long wait_ms;                  /* a flush and a drop wait for the follower for so long */
    long queue;                    /* calls that wait for the follower */
    long threads;                  /* of the follower */
    long nice;                     /* of those threads, or of its process */
    long processors;               /* that those threads and that process use at most; 0: half of them */
    long pause_us;                 /* for which its process waits after a call of the leader, as during it; 0: it does not wait */
    long restarts;                 /* of its process, in a row */
    size_t memory;                 /* of blocks and results held for the follower, in bytes */
    size_t follower_memory;        /* of what the follower allocates, in bytes; of a process, resident */
    long out_files;
    size_t out_bytes;
};

HIDDEN extern struct settings shadow_settings;

HIDDEN void shadow_read_settings(char const *own_path);

/** Writes one line to standard error. */
HIDDEN void shadow_log(char const *format, ...) __attribute__((format(printf, 1, 2)));

/** Of the monotonic clock (time.c). */
HIDDEN int64_t shadow_now_ms(void);
HIDDEN int64_t shadow_now_us(void);

/** Times in milliseconds, shorter in the library that the tests use. */
enum {
#ifdef FVM_SHADOW_PLANT
    METRICS_MS = 100,
    RESTART_MS = 100,
#else
    METRICS_MS = 1000, /* between two writes of the metrics */
    RESTART_MS = 1000, /* from the first end of the follower's process to the next start, twice as long each time */
#endif
    WATCH_MS = 50,     /* between two looks at the follower's threads and its process */
};

/* ---- Counters (metrics.c). */

enum counter {
    MACHINES, MACHINES_SAMPLED, MACHINES_COMPARED, MESSAGES, MESSAGES_COMPARED, MESSAGES_BEHIND, FLUSHES_COMPARED, DIFFERENCES,
    BEHIND_QUEUE, BEHIND_MEMORY, BEHIND_TIMEOUT, BEHIND_BLOCK, BEHIND_HOST, BEHIND_CONCURRENT, BEHIND_FOLLOWER,
    FOLLOWER_ABORTS, FOLLOWER_ALLOCATIONS_REFUSED, FOLLOWER_STARTS, FOLLOWER_DEATHS, TRACES_ABSENT, HOST_ASKED, AHEAD_BLOCKS,
    AHEAD_MILLISECONDS, VECTORS, VECTORS_LOST, LEADER_MICROSECONDS, FOLLOWER_MICROSECONDS, COUNTERS
};

HIDDEN extern atomic_long shadow_counters[COUNTERS];
HIDDEN extern atomic_long shadow_waiting;  /* calls in the queue */
HIDDEN extern atomic_long shadow_held;     /* bytes of blocks and results */

HIDDEN void shadow_count(enum counter counter);
HIDDEN void shadow_write_metrics(void);

/* ---- The two libraries (libraries.c). */

struct library {
    void *handle;
    char const *path;
    Result_InnerFvmMachine_ptr_t *(*create)(FvmRegisteredVersion_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t,
        uint32_t, slice_ref_uint8_t, bool, bool, uint64_t, uint64_t);
    Result_InnerFvmMachine_ptr_t *(*create_debug)(FvmRegisteredVersion_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t,
        uint64_t, uint32_t, slice_ref_uint8_t, slice_ref_uint8_t, bool, bool, uint64_t, uint64_t);
    Result_FvmMachineExecuteResponse_t *(*execute)(InnerFvmMachine_t const *, slice_ref_uint8_t, uint64_t, uint64_t);
    Result_slice_boxed_uint8_t *(*flush)(InnerFvmMachine_t const *);
    void (*drop)(InnerFvmMachine_t *);
    void (*destroy_create)(Result_InnerFvmMachine_ptr_t *);
    void (*destroy_execute)(Result_FvmMachineExecuteResponse_t *);
    void (*destroy_flush)(Result_slice_boxed_uint8_t *);
    void (*destroy_phase1)(Result_slice_boxed_uint8_t *);
    char const *(*version)(void);
    Result_slice_boxed_uint8_t *(*capabilities)(void);
    void (*destroy_capabilities)(Result_slice_boxed_uint8_t *);
};

HIDDEN extern struct library shadow_leader, shadow_follower;

/** A name in a library, and what its references to that name are to reach instead. */
struct redirect {
    char const *name;
    void *target;
};

/** Loads a library, with its references redirected; NULL, or why it cannot be used (in a static buffer).
 *  @param redirects  ended by a NULL name
 *  @param proofs     a library whose proof functions are used for those that the process lacks; or NULL */
HIDDEN char const *shadow_load(struct library *library, char const *path, struct redirect const *redirects, void *proofs);

HIDDEN extern struct redirect const shadow_leader_redirects[], shadow_follower_redirects[];

/* ---- Blocks (blocks.c). */

struct block {
    struct block *next;            /* in the cache's bucket */
    struct block *older, *newer;   /* in the cache's order of use */
    atomic_int users;
    bool cached, pinned;
    uint64_t hash;
    uint32_t cid_length, length;
    uint8_t bytes[];               /* CID, then data */
};

enum block_flag { BLOCK_READ = 1, BLOCK_ASKED_BY_FOLLOWER = 2, BLOCK_WRITTEN_BY_FOLLOWER = 4, BLOCK_ABSENT = 8 };

struct block_entry {
    struct block *block;
    int flags;
};

/** Blocks of one machine by CID. */
struct block_set {
    struct block_entry *entries;
    size_t count, room;
};

/** The cache's block with this CID and content, new if it has none; NULL if out of memory. The caller is a user of it. */
HIDDEN struct block *shadow_block(uint8_t const *cid, size_t cid_length, uint8_t const *data, size_t length);
HIDDEN struct block *shadow_block_of_own(uint8_t const *cid, size_t cid_length, uint8_t const *data, size_t length);
HIDDEN struct block *shadow_cached(uint8_t const *cid, size_t cid_length);
HIDDEN void shadow_release(struct block *block);
/** Keeps a block in the cache for good, if it is there and a quarter of the memory is not exceeded. */
HIDDEN void shadow_pin(struct block *block);

/** Calls a function with every code block (raw, WebAssembly) of the cache; the block is released afterwards. */
HIDDEN void shadow_each_code(void (*take)(void *context, struct block *block), void *context);

HIDDEN struct block_entry *shadow_set_find(struct block_set const *set, uint8_t const *cid, size_t cid_length);
/** Takes over the caller's use of the block. False if out of memory. */
HIDDEN bool shadow_set_add(struct block_set *set, struct block *block, int flags);
HIDDEN void shadow_set_clear(struct block_set *set);
/** A set with the same blocks, for use without a lock; empty if out of memory. */
HIDDEN struct block_set shadow_set_copy(struct block_set const *set);

/* ---- Machines (machine.c). */

enum call_kind { CALL_CREATE, CALL_EXECUTE, CALL_FLUSH };

/** A call of the leader, with its result and, once computed, the follower's. */
struct call {
    struct call *next;
    enum call_kind kind;
    uint8_t *message;
    size_t message_length;
    uint64_t chain_length, apply_kind;
    struct answer {
        bool known;
        FCPResponseStatus_t status;
        FvmMachineExecuteResponse_t value; /* slices are copies */
        slice_boxed_uint8_t root;          /* of a flush */
        char error[200];
    } leader, follower;
};

/** What the host answered for chain data. */
struct extern_answer {
    struct extern_answer *next;
    enum extern_kind { EXTERN_CHAIN, EXTERN_BEACON, EXTERN_TIPSET, EXTERN_FAULT } kind;
    bool by_follower;
    int64_t epoch;
    int32_t code;
    uint8_t out[100];
    uint64_t miner;
    int64_t fault_epoch, fault, gas;
    size_t asked_length;   /* of a consensus fault: lengths and bytes of the two headers and the witness */
    uint8_t asked[];
};

struct parameters {
    FvmRegisteredVersion_t version;
    bool debug, tracing, flush_all_blocks;
    uint32_t network_version;
    uint64_t epoch, timestamp, chain_id, base_fee_hi, base_fee_lo, supply_hi, supply_lo, blockstore, externs;
    slice_ref_uint8_t root, redirect; /* copies */
};

struct difference {
    long message;            /* -1: of no message */
    char field[24];
    char leader[160], follower[160];
};

enum { MAX_DIFFERENCES = 20 };

struct machine {
    pthread_mutex_t gate;
    pthread_cond_t changed;
    struct machine *next_ready, *next_by_handle;
    InnerFvmMachine_t *leader, *follower;
    struct parameters parameters;
    struct call *first, *last, *next;  /* all calls; the follower's next one */
    struct block_set blocks;
    struct extern_answer *answers;
    atomic_int users;      /* the handle, the queue, threads within a call */
    int in_call;           /* host's threads within a call of this machine */
    int asking;            /* threads of the follower within a callback */
    bool leaving;          /* a call is about to return: no further callback may begin */
    bool queued, running, dropped;
    bool lacked;           /* the follower needed what could not be asked for */
    bool host_failed;
    bool died;             /* the follower's process has ended, and with it its machine */
    enum counter behind;   /* the reason why it is no longer compared; 0 for none */
    size_t held;           /* bytes counted in shadow_held */
    int difference_count;
    struct difference differences[MAX_DIFFERENCES];
    bool written;
};

/** The host's handle that the libraries get for a machine: an address with the highest bit set. */
#define TOKEN(machine) ((uint64_t)(uintptr_t)(machine) | (uint64_t)1 << 63)

HIDDEN struct machine *shadow_machine_of_token(uint64_t token);
HIDDEN struct machine *shadow_new_machine(struct parameters const *parameters);
HIDDEN bool shadow_register(struct machine *machine, InnerFvmMachine_t *handle);
/** The machine of a leader's handle, with the caller as a user; NULL if it is not shadowed. */
HIDDEN struct machine *shadow_find(InnerFvmMachine_t const *handle, bool unregister);
HIDDEN void shadow_leave_machine(struct machine *machine);
/** No longer compared. With the gate held. */
HIDDEN void shadow_abandon(struct machine *machine, enum counter reason);
HIDDEN bool shadow_hold(struct machine *machine, size_t bytes);

/** Waits for a change of the machine, with the gate held, for less than a second. */
HIDDEN void shadow_wait(struct machine *machine, long ms);

HIDDEN bool shadow_enter_call(struct machine *machine);
HIDDEN void shadow_exit_call(struct machine *machine, long wait_ms);
/** Adds a call, whose leader's answer is known, for the follower. */
HIDDEN void shadow_add_call(struct machine *machine, struct call *call);
HIDDEN struct call *shadow_new_call(enum call_kind kind, uint8_t const *message, size_t length);
HIDDEN void shadow_free_call(struct call *call);
HIDDEN bool shadow_copy_execute(struct answer *answer, Result_FvmMachineExecuteResponse_t const *response);
HIDDEN bool shadow_copy_flush(struct answer *answer, Result_slice_boxed_uint8_t const *response);

/* ---- What the libraries reach in place of the host (host.c, chain.c). */

/** Waits until the host may be asked for the follower, with the gate held; false if it will not come to that. */
HIDDEN bool shadow_may_ask(struct machine *machine);
/** Ends what shadow_may_ask began. */
HIDDEN void shadow_asked(void *machine);

#define DECLARE_HOST(side)                                                                                                            \
    HIDDEN int32_t shadow_##side##_get(uint64_t, uint8_t const *, int32_t, uint8_t **, int32_t *);                                    \
    HIDDEN int32_t shadow_##side##_has(uint64_t, uint8_t const *, int32_t);                                                           \
    HIDDEN int32_t shadow_##side##_put(uint64_t, uint8_t const *, int32_t, uint8_t const *, int32_t);                                 \
    HIDDEN int32_t shadow_##side##_put_many(uint64_t, int32_t const *, int32_t, uint8_t const *);                                     \
    HIDDEN int32_t shadow_##side##_chain(uint64_t, int64_t, uint8_t (*)[32]);                                                         \
    HIDDEN int32_t shadow_##side##_beacon(uint64_t, int64_t, uint8_t (*)[32]);                                                        \
    HIDDEN int32_t shadow_##side##_tipset(uint64_t, int64_t, uint8_t *, int32_t);                                                     \
    HIDDEN int32_t shadow_##side##_fault(uint64_t, uint8_t const *, int32_t, uint8_t const *, int32_t, uint8_t const *, int32_t,      \
        uint64_t *, int64_t *, int64_t *, int64_t *)

DECLARE_HOST(leader);
DECLARE_HOST(follower);

/* ---- Code of the builtin actors, read ahead (codes.c). */

/** Reads what the follower will need, from the host, within a call of the host that creates a machine. */
HIDDEN void shadow_read_codes(struct machine const *machine);
/** A follower lacked a block: the next machine's manifest is looked at again. */
HIDDEN void shadow_code_lacked(void);

/* ---- The follower's threads (follower.c). */

/** Lowers the priority of the calling thread, and of those that it starts (priority.c).
 *  @param nice  0 to 19, or NICE_IDLE: it runs where no other thread wants to */
HIDDEN void shadow_give_way(long nice);
/** Leaves processors to the host, for the calling thread and those that it starts, processes too (priority.c). A processor that has a thread of
 *  the follower to run, of whatever priority, does not look for one of the host's that waits for another processor.
 *  @param most  how many to use at most; 0: half of them, at least one */
HIDDEN void shadow_leave_processors(long most);

enum { NICE_DEFAULT = 10, NICE_IDLE = 20 };

HIDDEN extern atomic_bool shadow_follower_lost;  /* it has aborted, or hangs on all threads */
HIDDEN extern atomic_bool shadow_forked;
/** Starts the watchdog, and the threads that follow. */
HIDDEN bool shadow_start_threads(bool following);
/** Queues a machine for the follower. With its gate held. */
HIDDEN void shadow_make_ready(struct machine *machine);

/* ---- A follower in a process of its own (process.c, remote.c). */

/** Sets the follower's functions to those that call its process, which starts with the first machine; NULL, or why it cannot be used. */
HIDDEN char const *shadow_use_process(void);
/** Kills it if it exceeds its memory, and collects it if it has ended between calls. */
HIDDEN void shadow_watch_process(void);
/** Ends the call that it is at by killing it; false if there is no process, or it was killed before. */
HIDDEN bool shadow_interrupt_process(void);
HIDDEN void shadow_stop_process(void);
/** In a forked child. */
HIDDEN void shadow_forget_process(void);

/* ---- Its pauses (pause.c): it waits while the leader works. */

/** Milliseconds for FVM_SHADOW_PAUSE: 0 where there are processors enough. */
HIDDEN long shadow_pause_default_ms(void);
HIDDEN void shadow_start_pauses(void);
/** Before and after each call of the leader. Calls are not counted, since a host may leave one without its end: the first that ends, of several at
 *  the same time, ends the pause, and the next call begins another one. */
HIDDEN void shadow_pause(int64_t now_us);
HIDDEN void shadow_go_on(int64_t now_us);
/** No pauses for some time: the host waits for the follower, or it for an answer of the host, which only comes within a call. */
HIDDEN void shadow_hurry(long ms);

/* ---- Comparison (compare.c) and vectors (vector.c, encode.c). */

/** Only with FVM_SHADOW_PLANT (plant.c). */
HIDDEN void shadow_plant(struct call *call);
HIDDEN void shadow_compare(struct machine *machine, struct call const *call, long message);
/** @return where the traces differ, as text; NULL if they agree, times aside */
HIDDEN char const *shadow_compare_traces(slice_boxed_uint8_t leader, slice_boxed_uint8_t follower, char *where, size_t room);
HIDDEN void shadow_write_vector(struct machine *machine);

/** Text that grows; `failed` once out of memory or over its limit. */
struct text {
    char *data;
    size_t length, room, limit;
    bool failed;
};

HIDDEN void text_add(struct text *text, void const *data, size_t length);
HIDDEN void text_print(struct text *text, char const *format, ...) __attribute__((format(printf, 2, 3)));
HIDDEN void text_json(struct text *text, char const *string, size_t length);
HIDDEN void text_base64(struct text *text, uint8_t const *data, size_t length);
HIDDEN void text_cid(struct text *text, uint8_t const *cid, size_t length);
HIDDEN void text_amount(struct text *text, uint64_t high, uint64_t low);
/** The events of a message in the form of a vector; false if they are malformed. */
HIDDEN bool text_events(struct text *text, slice_boxed_uint8_t events);
/** A gzip stream of stored blocks around the data. */
HIDDEN void text_gzip(struct text *text, uint8_t const *data, size_t length);

/** A cursor over CBOR. */
struct cbor {
    uint8_t const *at, *end;
    bool broken;
};

/** Reads an item's head; -1 if broken. @return the major type */
HIDDEN int cbor_head(struct cbor *cbor, uint64_t *value);
/** Reads bytes (major type 2) or a text (3). */
HIDDEN bool cbor_bytes(struct cbor *cbor, int major, uint8_t const **data, uint64_t *length);
HIDDEN void cbor_skip(struct cbor *cbor);

#endif
