/* The FVM's C interface, as filecoin-ffi's Go bindings call it (64-bit Linux).
 *
 * A machine applies messages to a state, one after another. It is made for one
 * epoch by create_fvm_machine, executes messages, is flushed for the new state
 * root, and is dropped. Any thread may call; calls of one machine wait for each
 * other, calls of different machines run side by side.
 *
 * The library reads blocks and asks for chain data through the cgo_* functions
 * at the end, which the host program defines. They return: one that ends its
 * thread (pthread_exit) is brought back and fails the call; a thread that
 * leaves one by longjmp is refused every later call, and its machine is lost.
 * Cancellation (pthread_cancel) waits until the call returns.
 *
 * A process that is forked from one that made a call has none of the library's
 * threads: there each call is an error, but fvm_version and the functions that
 * free responses.
 */
#ifndef FVM_FILCRYPTO_H
#define FVM_FILCRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- What filecoin-ffi's own header has, too ----------------------------- *
 * Left out where that header comes first (scripts/link-lotus.sh).
 */
#ifndef FVM_BESIDE_FILCRYPTO

/** How a call ended. The functions of this header give the first two only. */
enum FCPResponseStatus {
    F_C_P_RESPONSE_STATUS_NO_ERROR = 0,
    F_C_P_RESPONSE_STATUS_UNCLASSIFIED_ERROR = 1,
    F_C_P_RESPONSE_STATUS_CALLER_ERROR = 2,
    F_C_P_RESPONSE_STATUS_RECEIVER_ERROR = 3,
};
typedef int32_t FCPResponseStatus_t;

/** Bytes of the caller, lent for the length of a call. */
typedef struct slice_ref_uint8 {
    uint8_t const *ptr;
    size_t len;
} slice_ref_uint8_t;

/** Bytes of the library, good until the response that holds them is destroyed.
 *  Where a value is optional, ptr is NULL when there is none; an empty value
 *  has a pointer that is not NULL. */
typedef struct slice_boxed_uint8 {
    uint8_t *ptr;
    size_t len;
} slice_boxed_uint8_t;

/** A response with bytes, such as a flush's (see "Responses"). */
typedef struct Result_slice_boxed_uint8 {
    FCPResponseStatus_t status_code;
    slice_boxed_uint8_t error_msg;
    slice_boxed_uint8_t value;
} Result_slice_boxed_uint8_t;

/** The same as destroy_fvm_machine_flush_response: the name under which Go frees a flush's response. */
void destroy_seal_pre_commit_phase1_response(Result_slice_boxed_uint8_t *response);

#endif

/* ---- Values ------------------------------------------------------------ */

/** Which interface a caller means; there is only one. */
enum FvmRegisteredVersion {
    FVM_REGISTERED_VERSION_V1 = 0,
};
typedef uint8_t FvmRegisteredVersion_t;

/** What the host's functions answer when they fail. */
enum FvmError {
    FVM_ERROR_INVALID_HANDLE = -1,   /* no such store or externs */
    FVM_ERROR_NOT_FOUND = -2,        /* no such block; from a put, a breach of contract */
    FVM_ERROR_IO = -3,
    FVM_ERROR_INVALID_ARGUMENT = -4,
    FVM_ERROR_PANIC = -5,
};
typedef int32_t FvmError_t;

/** A machine: a name for the library's own object, never to be read through. */
typedef struct InnerFvmMachine InnerFvmMachine_t;

/* ---- Responses ---------------------------------------------------------- *
 * Every call answers with a response, never with NULL. When status_code is not
 * zero, error_msg is a text (UTF-8, no terminating zero) and value is zero.
 * Responses are memory of malloc; so are the slices in them that are not empty.
 */

typedef struct Result_InnerFvmMachine_ptr {
    FCPResponseStatus_t status_code;
    slice_boxed_uint8_t error_msg;
    InnerFvmMachine_t *value;
} Result_InnerFvmMachine_ptr_t;

/** What a message did. Amounts are attoFIL, hi * 2^64 + lo. */
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
    slice_boxed_uint8_t exec_trace;     /* optional: CBOR, only of a machine with tracing */
    slice_boxed_uint8_t failure_info;   /* optional: UTF-8, for people */
    slice_boxed_uint8_t events;         /* optional: CBOR, [[emitter, [[flags, key, codec, value], ...]], ...] */
    slice_boxed_uint8_t events_root;    /* optional: CID bytes */
} FvmMachineExecuteResponse_t;

typedef struct Result_FvmMachineExecuteResponse {
    FCPResponseStatus_t status_code;
    slice_boxed_uint8_t error_msg;
    FvmMachineExecuteResponse_t value;
} Result_FvmMachineExecuteResponse_t;

/* ---- Machines ------------------------------------------------------------ */

/** Makes a machine on a state. A process without filecoin-ffi's functions that verify proofs (verify_seal and its kin) is refused one, for
 *  it would leave the chain at the first message with a proof; FVM_PROOFS=optional in the environment makes one all the same.
 *  @param version             FVM_REGISTERED_VERSION_V1
 *  @param chain_epoch         the epoch of the messages, an int64
 *  @param chain_timestamp     the tipset's time, seconds since 1970
 *  @param chain_id            EIP-155; 314 on mainnet
 *  @param base_fee_hi         attoFIL for a unit of gas, with base_fee_lo
 *  @param circulating_supply_hi  attoFIL, with circulating_supply_lo
 *  @param network_version     16 and up
 *  @param state_root          CID bytes; the block must be in the store
 *  @param tracing             responses of messages then have exec_trace
 *  @param flush_all_blocks    a flush writes all blocks, not only those that the new root reaches
 *  @param blockstore_id       handle for cgo_blockstore_*
 *  @param externs_id          handle for cgo_extern_*
 */
Result_InnerFvmMachine_ptr_t *create_fvm_machine(
    FvmRegisteredVersion_t version, uint64_t chain_epoch, uint64_t chain_timestamp, uint64_t chain_id,
    uint64_t base_fee_hi, uint64_t base_fee_lo, uint64_t circulating_supply_hi, uint64_t circulating_supply_lo,
    uint32_t network_version, slice_ref_uint8_t state_root, bool tracing, bool flush_all_blocks,
    uint64_t blockstore_id, uint64_t externs_id);

/** Makes a machine whose actors may log, which changes the gas that they use, and may run other code.
 *  @param actor_redirect  empty, or the CID of a CBOR list of pairs [code CID, code CID to run instead]
 */
Result_InnerFvmMachine_ptr_t *create_fvm_debug_machine(
    FvmRegisteredVersion_t version, uint64_t chain_epoch, uint64_t chain_timestamp, uint64_t chain_id,
    uint64_t base_fee_hi, uint64_t base_fee_lo, uint64_t circulating_supply_hi, uint64_t circulating_supply_lo,
    uint32_t network_version, slice_ref_uint8_t state_root, slice_ref_uint8_t actor_redirect, bool tracing,
    bool flush_all_blocks, uint64_t blockstore_id, uint64_t externs_id);

/** Applies a message. A message that fails is still a good response, with an exit code; an error is a message
 *  that does not decode, or a host that fails before the message runs or while its gas is settled.
 *  @param message     the unsigned message in CBOR
 *  @param chain_len   bytes on chain, which are charged for
 *  @param apply_kind  0 explicit, anything else implicit
 */
Result_FvmMachineExecuteResponse_t *fvm_machine_execute_message(
    InnerFvmMachine_t const *machine, slice_ref_uint8_t message, uint64_t chain_len, uint64_t apply_kind);

/** Writes the new state to the store; as often as wanted, with messages in between.
 *  @return the CID bytes of the state root
 */
Result_slice_boxed_uint8_t *fvm_machine_flush(InnerFvmMachine_t const *machine);

/** Frees a machine. NULL, and a machine that is no more, are left alone. */
void drop_fvm_machine(InnerFvmMachine_t *machine);

/** Frees the response, and its machine if it is still in it. NULL is left alone, here and below. */
void destroy_create_fvm_machine_response(Result_InnerFvmMachine_ptr_t *response);

void destroy_fvm_machine_execute_response(Result_FvmMachineExecuteResponse_t *response);

void destroy_fvm_machine_flush_response(Result_slice_boxed_uint8_t *response);

/* ---- The library itself --------------------------------------------------- */

/** The library's version, such as "0.1.0": a constant of the library, never to be freed. Can be called in any process. */
char const *fvm_version(void);

/** What the library is and can in this process: an object of JSON (UTF-8, no terminating zero) with these keys; others may follow.
 *  - version             text, as fvm_version
 *  - commit              text: the commit that it was built from, "unknown" where there was none
 *  - network_versions    numbers: those that machines can be made for
 *  - engines             texts: those that run actors here, the default first
 *  - engine              text: the one in use (FVM_ENGINE)
 *  - lanes               number: messages at once (LOTUS_FVM_CONCURRENCY)
 *  - processor_features  texts: the instruction sets that the processor has, of those that the library uses
 *  - missing_proofs      texts: the functions that verify proofs which the process does not have
 *  The response belongs to the caller, who frees it with destroy_fvm_capabilities_response.
 */
Result_slice_boxed_uint8_t *fvm_capabilities(void);

void destroy_fvm_capabilities_response(Result_slice_boxed_uint8_t *response);

/* ---- What the host defines ------------------------------------------------ *
 * Declared for hosts in C when FVM_DECLARE_HOST is defined (cgo declares them
 * from Go, with types of its own). They answer 0, or an FvmError.
 */
#ifdef FVM_DECLARE_HOST

/** @param block  set to memory of malloc, never NULL, which the library frees */
int32_t cgo_blockstore_get(uint64_t store, uint8_t const *k, int32_t k_len, uint8_t **block, int32_t *size);

/** @return 1 yes, 0 no */
int32_t cgo_blockstore_has(uint64_t store, uint8_t const *k, int32_t k_len);

int32_t cgo_blockstore_put(uint64_t store, uint8_t const *k, int32_t k_len, uint8_t const *block, int32_t block_len);

/** @param lengths  for each block, the length of its CID and data
 *  @param blocks   CID and data of each, one after another
 */
int32_t cgo_blockstore_put_many(uint64_t store, int32_t const *lengths, int32_t lengths_len, uint8_t const *blocks);

int32_t cgo_extern_get_chain_randomness(uint64_t externs, int64_t epoch, uint8_t (*out)[32]);

int32_t cgo_extern_get_beacon_randomness(uint64_t externs, int64_t epoch, uint8_t (*out)[32]);

/** @param fault  0 none, and miner and epoch are not looked at; 1 double-fork mining, 2 parent grinding, 3 time-offset mining */
int32_t cgo_extern_verify_consensus_fault(
    uint64_t externs, uint8_t const *h1, int32_t h1_len, uint8_t const *h2, int32_t h2_len, uint8_t const *extra,
    int32_t extra_len, uint64_t *miner_id, int64_t *epoch, int64_t *fault, int64_t *gas_used);

/** @param out  100 zero bytes, to whose start the CID is written */
int32_t cgo_extern_get_tipset_cid(uint64_t externs, int64_t epoch, uint8_t *out, int32_t out_len);

#endif

#ifdef __cplusplus
}
#endif

#endif
