/* Frames between the shadow and its follower's process, over a pair of sockets:
 * a length and a kind, then numbers of 64 bits and bytes behind their length.
 * Each side takes the other's frames for hostile. */
#ifndef FVM_SHADOW_WIRE_H
#define FVM_SHADOW_WIRE_H

#include "shadow.h"

enum {
    WIRE_FD = 3,             /* of the process */
    WIRE_LIMIT = 256 << 20,  /* bytes of a frame */
};

/** Kinds of frames. Calls and answers go to the process, the others come from it. */
enum wire_kind {
    WIRE_CREATE = 1, WIRE_EXECUTE, WIRE_FLUSH, WIRE_DROP, /* each answered by WIRE_RESULT */
    WIRE_ANSWER,                                         /* to one of the host's functions below */
    WIRE_READY, WIRE_REFUSED, WIRE_RESULT,
    WIRE_GET, WIRE_HAS, WIRE_PUT, WIRE_PUT_MANY, WIRE_CHAIN, WIRE_BEACON, WIRE_TIPSET, WIRE_FAULT, WIRE_PROOF,
};

struct wire {
    uint8_t *data;
    size_t length, room, at;
    bool failed; /* out of memory, over the limit, or read beyond the end */
};

HIDDEN void wire_clear(struct wire *wire);
HIDDEN void wire_number(struct wire *wire, uint64_t value);
HIDDEN void wire_bytes(struct wire *wire, void const *data, size_t length);
/** Bytes, or none where the pointer is NULL. */
HIDDEN void wire_optional(struct wire *wire, slice_boxed_uint8_t slice);

/** The next number; 0 and `failed` if there is none. */
HIDDEN uint64_t wire_take(struct wire *wire);
/** The next bytes, within the frame; empty and `failed` if there are none. */
HIDDEN slice_ref_uint8_t wire_take_bytes(struct wire *wire);
/** A copy by malloc of optional bytes. */
HIDDEN slice_boxed_uint8_t wire_take_optional(struct wire *wire);

/** What a message did. */
HIDDEN void wire_result(struct wire *wire, FvmMachineExecuteResponse_t const *value);
HIDDEN void wire_take_result(struct wire *wire, FvmMachineExecuteResponse_t *value);

/** False if the other side is gone, or the frame failed. Never raises SIGPIPE. */
HIDDEN bool wire_send(int file, enum wire_kind kind, struct wire const *wire);
/** Replaces the content by the next frame. False at the end; `failed`, too, for a length beyond the limit. */
HIDDEN bool wire_receive(int file, enum wire_kind *kind, struct wire *wire);

/* ---- The process (process.c). */

HIDDEN extern pthread_mutex_t process_calls; /* held during a call, and for the next two and functions */
HIDDEN extern int process_file;              /* the connection; -1 without a process */
HIDDEN extern uint64_t process_generation;   /* of the processes, from 1 */

/** Starts a process unless there is one. False if there is none, now or for good. */
HIDDEN bool process_ready(void);
/** Ends the process, and says so in the log.
 *  @param otherwise  why, if it still runs; NULL if it has closed the connection */
HIDDEN void process_end(char const *otherwise);
HIDDEN char const *process_version(void);

/* ---- Pauses of the process (pause.c, child/pause.c). */

enum {
    PAUSE_FD = 4,       /* of the process: the page */
    PAUSE_PAGE = 4096,
};

struct pause_page {
    atomic_llong until; /* when the process may go on, microseconds of the monotonic clock; INT64_MAX during a call */
};

HIDDEN extern int pause_file; /* the page's; -1 if the process does not wait */

/* ---- Proofs (proofs.c). */

/** Whether the host, or else the leader, has the functions that verify proofs. */
HIDDEN bool proofs_found(void);
/** Verifies what a question asks: the function's number, in the order of the names in native/src/proofs.c, and its arguments. */
HIDDEN void proofs_answer(struct wire *in, struct wire *out);

#endif
