/* The FVM's C interface, as called by filecoin-ffi's Go bindings (64-bit
 * Linux).
 *
 * A machine applies messages to a state, sequentially. It is created for one
 * epoch by create_fvm_machine, executes messages, is flushed for the new state
 * root, and is dropped. Every function is thread-safe; calls of one machine
 * are serialised, calls of different machines run in parallel.
 *
 * The library reads blocks and requests chain data through the cgo_* functions
 * at the end, which the host program defines. They must return. If one
 * terminates its thread (pthread_exit), the termination is intercepted and the
 * call fails; a thread that leaves one by longjmp is refused every later call,
 * and its machine is lost. Cancellation (pthread_cancel) is deferred until the
 * call returns.
 *
 * A process forked after a call has none of the library's threads: every call
 * in it is an error, except fvm_version and the functions that free responses.
 */
#ifndef FVM_FILCRYPTO_H
#define FVM_FILCRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Shared with filecoin-ffi's own header -------------------------------- *
 * Omitted if that header is included first (scripts/link-lotus.sh).
 */
#ifndef FVM_BESIDE_FILCRYPTO

/** Status of a call. The functions of this header return only the first two. */
enum FCPResponseStatus {
    F_C_P_RESPONSE_STATUS_NO_ERROR = 0,
    F_C_P_RESPONSE_STATUS_UNCLASSIFIED_ERROR = 1,
    F_C_P_RESPONSE_STATUS_CALLER_ERROR = 2,
    F_C_P_RESPONSE_STATUS_RECEIVER_ERROR = 3,
};
typedef int32_t FCPResponseStatus_t;

/** Bytes owned by the caller, borrowed for the duration of a call. */
typedef struct slice_ref_uint8 {
    uint8_t const *ptr;
    size_t len;
} slice_ref_uint8_t;

/** Bytes owned by the library, valid until their response is destroyed. For an
 * optional value, ptr is NULL if absent; an empty value has a non-NULL
 * pointer. */
typedef struct slice_boxed_uint8 {
    uint8_t *ptr;
    size_t len;
} slice_boxed_uint8_t;

/** A response with bytes, such as that of a flush (see "Responses"). */
typedef struct Result_slice_boxed_uint8 {
    FCPResponseStatus_t status_code;
    slice_boxed_uint8_t error_msg;
    slice_boxed_uint8_t value;
} Result_slice_boxed_uint8_t;

/** Same as destroy_fvm_machine_flush_response: the name by which Go frees the response of a flush. */
void destroy_seal_pre_commit_phase1_response(Result_slice_boxed_uint8_t *response);

#endif

/* ---- Values ------------------------------------------------------------ */

/** Interface version requested by the caller; there is only one. */
enum FvmRegisteredVersion {
    FVM_REGISTERED_VERSION_V1 = 0,
};
typedef uint8_t FvmRegisteredVersion_t;

/** Error codes of the host's functions. */
enum FvmError {
    FVM_ERROR_INVALID_HANDLE = -1,   /* no such store or externs */
    FVM_ERROR_NOT_FOUND = -2,        /* no such block; from a put, a violation of the contract */
    FVM_ERROR_IO = -3,
    FVM_ERROR_INVALID_ARGUMENT = -4,
    FVM_ERROR_PANIC = -5,
};
typedef int32_t FvmError_t;

/** A machine: an opaque handle, never to be dereferenced. */
typedef struct InnerFvmMachine InnerFvmMachine_t;

/* ---- Responses ---------------------------------------------------------- *
 * Every call returns a response, never NULL. If status_code is non-zero,
 * error_msg is a text (UTF-8, no terminating zero) and value is zero.
 * Responses and their non-empty slices are allocated by malloc.
 */

typedef struct Result_InnerFvmMachine_ptr {
    FCPResponseStatus_t status_code;
    slice_boxed_uint8_t error_msg;
    InnerFvmMachine_t *value;
} Result_InnerFvmMachine_ptr_t;

/** Result of a message. Amounts are attoFIL, hi * 2^64 + lo. */
typedef struct FvmMachineExecuteResponse {
    uint64_t exit_code;
    slice_boxed_uint8_t return_val;     /* optional */
    uint64_t gas_used;
    uint64_t penalty_hi;
    uint64_t penalty_lo;
    uint64_t miner_tip_hi;
    uint64_t miner_tip_lo;
    uint64_t base_fee_burn_hi;
    uint64_t base_fee_burn_lo;
    uint64_t over_estimation_burn_hi;
    uint64_t over_estimation_burn_lo;
    uint64_t refund_hi;
    uint64_t refund_lo;
    uint64_t gas_refund;
    uint64_t gas_burned;
    slice_boxed_uint8_t exec_trace;     /* optional: CBOR, only from a machine with tracing */
    slice_boxed_uint8_t failure_info;   /* optional: UTF-8, human-readable */
    slice_boxed_uint8_t events;         /* optional: CBOR, [[emitter, [[flags, key, codec, value], ...]], ...] */
    slice_boxed_uint8_t events_root;    /* optional: CID bytes */
} FvmMachineExecuteResponse_t;

typedef struct Result_FvmMachineExecuteResponse {
    FCPResponseStatus_t status_code;
    slice_boxed_uint8_t error_msg;
    FvmMachineExecuteResponse_t value;
} Result_FvmMachineExecuteResponse_t;

/* ---- Machines ------------------------------------------------------------ */

/** Creates a machine on a state. Fails in a process without filecoin-ffi's proof verification functions (verify_seal etc.), since such a
 *  machine would fork off the chain at the first message with a proof; the environment variable FVM_PROOFS=optional allows it.
 *  @param version             FVM_REGISTERED_VERSION_V1
 *  @param chain_epoch         the epoch of the messages, an int64
 *  @param chain_timestamp     the tipset's time, seconds since 1970
 *  @param chain_id            EIP-155; 314 on mainnet
 *  @param base_fee_hi         attoFIL per unit of gas, with base_fee_lo
 *  @param circulating_supply_hi  attoFIL, with circulating_supply_lo
 *  @param network_version     16 and up
 *  @param state_root          CID bytes; the block must be in the store
 *  @param tracing             whether responses of messages have exec_trace
 *  @param flush_all_blocks    whether a flush writes all blocks, not only those reachable from the new root
 *  @param blockstore_id       handle for cgo_blockstore_*
 *  @param externs_id          handle for cgo_extern_*
 */
Result_InnerFvmMachine_ptr_t *create_fvm_machine(
    FvmRegisteredVersion_t version, uint64_t chain_epoch, uint64_t chain_timestamp, uint64_t chain_id,
    uint64_t base_fee_hi, uint64_t base_fee_lo, uint64_t circulating_supply_hi, uint64_t circulating_supply_lo,
    uint32_t network_version, slice_ref_uint8_t state_root, bool tracing, bool flush_all_blocks,
    uint64_t blockstore_id, uint64_t externs_id);

/** Creates a machine with actor logging, which changes gas use, and with code redirects.
 *  @param actor_redirect  empty, or the CID of a CBOR list of pairs [code CID, code CID to run instead]
 */
Result_InnerFvmMachine_ptr_t *create_fvm_debug_machine(
    FvmRegisteredVersion_t version, uint64_t chain_epoch, uint64_t chain_timestamp, uint64_t chain_id,
    uint64_t base_fee_hi, uint64_t base_fee_lo, uint64_t circulating_supply_hi, uint64_t circulating_supply_lo,
    uint32_t network_version, slice_ref_uint8_t state_root, slice_ref_uint8_t actor_redirect, bool tracing,
    bool flush_all_blocks, uint64_t blockstore_id, uint64_t externs_id);

/** Applies a message. A failed message is a successful response with an exit code; a call fails if the message does not
 *  decode, or the host fails before the message is executed or during its gas settlement.
 *  @param message     the unsigned message in CBOR
 *  @param chain_len   on-chain length in bytes, which is charged
 *  @param apply_kind  0 explicit, anything else implicit
 */
Result_FvmMachineExecuteResponse_t *fvm_machine_execute_message(
    InnerFvmMachine_t const *machine, slice_ref_uint8_t message, uint64_t chain_len, uint64_t apply_kind);

/** Writes the new state to the store. May be repeated, with messages in between.
 *  @return the CID bytes of the state root
 */
Result_slice_boxed_uint8_t *fvm_machine_flush(InnerFvmMachine_t const *machine);

/** Frees a machine. NULL and handles of dropped machines are ignored. */
void drop_fvm_machine(InnerFvmMachine_t *machine);

/** Frees the response, and its machine if still in it. NULL is ignored, here and below. */
void destroy_create_fvm_machine_response(Result_InnerFvmMachine_ptr_t *response);

void destroy_fvm_machine_execute_response(Result_FvmMachineExecuteResponse_t *response);

void destroy_fvm_machine_flush_response(Result_slice_boxed_uint8_t *response);

/* ---- The library itself --------------------------------------------------- */

/** The library's version, such as "0.1.0": a constant, not to be freed. Callable in any process. */
char const *fvm_version(void);

/** Identity and capabilities of the library in this process: a JSON object (UTF-8, no terminating zero) with these keys; others may follow.
 *  - version             text, as fvm_version
 *  - commit              text: the source commit of the build, "unknown" if there was none
 *  - network_versions    numbers: the network versions supported by machines
 *  - engines             texts: the available engines for actors, the default first
 *  - engine              text: the one in use (FVM_ENGINE)
 *  - lanes               number: maximum of concurrent messages (LOTUS_FVM_CONCURRENCY)
 *  - processor_features  texts: the instruction sets of the processor, among those used by the library
 *  - guard_pages         true if actors' memories have guard pages in place of bounds checks (FVM_GUARD_PAGES), and the process allows them
 *  - missing_proofs      texts: the proof verification functions missing from the process
 *  The response belongs to the caller, who frees it with destroy_fvm_capabilities_response.
 */
Result_slice_boxed_uint8_t *fvm_capabilities(void);

void destroy_fvm_capabilities_response(Result_slice_boxed_uint8_t *response);

/* ---- Defined by the host -------------------------------------------------- *
 * Declared for hosts in C if FVM_DECLARE_HOST is defined (cgo declares them from
 * Go, with its own types). They return 0 or an FvmError.
 */
#ifdef FVM_DECLARE_HOST

/** @param block  set to memory allocated by malloc, never NULL, which the library frees */
int32_t cgo_blockstore_get(uint64_t store, uint8_t const *k, int32_t k_len, uint8_t **block, int32_t *size);

/** @return 1 yes, 0 no */
int32_t cgo_blockstore_has(uint64_t store, uint8_t const *k, int32_t k_len);

int32_t cgo_blockstore_put(uint64_t store, uint8_t const *k, int32_t k_len, uint8_t const *block, int32_t block_len);

/** @param lengths  per block, the length of its CID and data
 *  @param blocks   CID and data of each, concatenated
 */
int32_t cgo_blockstore_put_many(uint64_t store, int32_t const *lengths, int32_t lengths_len, uint8_t const *blocks);

int32_t cgo_extern_get_chain_randomness(uint64_t externs, int64_t epoch, uint8_t (*out)[32]);

int32_t cgo_extern_get_beacon_randomness(uint64_t externs, int64_t epoch, uint8_t (*out)[32]);

/** @param fault  0 none, with miner and epoch ignored; 1 double-fork mining, 2 parent grinding, 3 time-offset mining */
int32_t cgo_extern_verify_consensus_fault(
    uint64_t externs, uint8_t const *h1, int32_t h1_len, uint8_t const *h2, int32_t h2_len, uint8_t const *extra,
    int32_t extra_len, uint64_t *miner_id, int64_t *epoch, int64_t *fault, int64_t *gas_used);

/** @param out  100 zero bytes; the CID is written to the start */
int32_t cgo_extern_get_tipset_cid(uint64_t externs, int64_t epoch, uint8_t *out, int32_t out_len);

#endif

#ifdef __cplusplus
}
#endif

#endif
