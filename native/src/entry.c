/* The interface's functions. Each checks whether C# can be entered
 * (threads.c), enters it, and returns a response in any case; responses are
 * allocated by malloc, so that errors can be created, and all responses freed,
 * without C#. */
#define _GNU_SOURCE
#include "filcrypto.h"
#include "shim.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#ifndef FVM_VERSION
#error "FVM_VERSION and FVM_COMMIT are given by scripts/publish-native"
#endif

/* ---- The C# part (Exports.cs), under hidden names. Its responses are never NULL. */
Result_InnerFvmMachine_ptr_t *fvm_managed_create_machine(FvmRegisteredVersion_t version, uint64_t chain_epoch, uint64_t chain_timestamp,
    uint64_t chain_id, uint64_t base_fee_hi, uint64_t base_fee_lo, uint64_t circulating_supply_hi, uint64_t circulating_supply_lo,
    uint32_t network_version, slice_ref_uint8_t state_root, bool tracing, bool flush_all_blocks, uint64_t blockstore_id,
    uint64_t externs_id);
Result_InnerFvmMachine_ptr_t *fvm_managed_create_debug_machine(FvmRegisteredVersion_t version, uint64_t chain_epoch,
    uint64_t chain_timestamp, uint64_t chain_id, uint64_t base_fee_hi, uint64_t base_fee_lo, uint64_t circulating_supply_hi,
    uint64_t circulating_supply_lo, uint32_t network_version, slice_ref_uint8_t state_root, slice_ref_uint8_t actor_redirect, bool tracing,
    bool flush_all_blocks, uint64_t blockstore_id, uint64_t externs_id);
Result_FvmMachineExecuteResponse_t *fvm_managed_execute_message(
    InnerFvmMachine_t const *machine, slice_ref_uint8_t message, uint64_t chain_len, uint64_t apply_kind);
Result_slice_boxed_uint8_t *fvm_managed_flush(InnerFvmMachine_t const *machine);
void fvm_managed_drop(InnerFvmMachine_t *machine);
Result_slice_boxed_uint8_t *fvm_managed_capabilities(void);

HIDDEN char const *fvm_shim_version(void) { return FVM_VERSION; }
HIDDEN char const *fvm_shim_commit(void) { return FVM_COMMIT; }

/* ---- Responses. All begin with a status and a text. */
struct head {
    FCPResponseStatus_t status_code;
    int32_t is_spare;              /* padding in filcrypto.h; non-zero for responses that are never freed (memory.c) */
    slice_boxed_uint8_t error_msg;
};

static void *refuse(size_t size, char const *why)
{
    struct head *response = calloc(1, size);
    size_t length = strlen(why);
    uint8_t *text = malloc(length);
    if (response == NULL || text == NULL) {
        free(response);
        free(text);
        return fvm_shim_spare();
    }
    memcpy(text, why, length);
    response->status_code = F_C_P_RESPONSE_STATUS_UNCLASSIFIED_ERROR;
    response->error_msg = (slice_boxed_uint8_t){text, length};
    return response;
}

static void free_slice(slice_boxed_uint8_t slice)
{
    if (slice.len != 0) {
        free(slice.ptr);
    }
}

static void free_response(void *response)
{
    struct head *head = response;
    if (!head->is_spare) {
        free_slice(head->error_msg);
        free(head);
    }
}

/* ---- Entry. */

/* A host that leaves a callback by longjmp continues with its stack pointer just above our frames. The garbage collector still scans the
 * abandoned C# frames, so they are placed far enough below that ordinary functions of the host do not overwrite them. */
enum { DISTANCE = 64 << 10 };
#define KEEP_DISTANCE()                                    \
    do {                                                   \
        void *distance = __builtin_alloca(DISTANCE);       \
        __asm__ volatile("" : : "r"(distance) : "memory"); \
    } while (0)

/* Defers cancellation during waits in C# and within callbacks: it would unwind frames that must not be unwound. Takes effect on return. */
static int enter(void)
{
    int before;
    return pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before) == 0 ? before : PTHREAD_CANCEL_ENABLE;
}

static void leave(int before) { (void)pthread_setcancelstate(before, NULL); }

#define ANSWER(type, call)                                                \
    char const *refusal = fvm_shim_refusal(__builtin_frame_address(0));   \
    if (refusal != NULL) {                                                \
        return refuse(sizeof(type), refusal);                             \
    }                                                                     \
    jmp_buf back;                                                         \
    refusal = fvm_shim_reserve_refusal();                                 \
    refusal = refusal != NULL ? refusal : fvm_shim_enter(&back);          \
    if (refusal != NULL) {                                                \
        return refuse(sizeof(type), refusal);                             \
    }                                                                     \
    int volatile state = enter();                                         \
    if (_setjmp(back) != 0) {                                             \
        leave(state);                                                     \
        return refuse(sizeof(type), fvm_shim_enter_failed());             \
    }                                                                     \
    KEEP_DISTANCE();                                                      \
    type *response = (call);                                              \
    leave(state);                                                         \
    return response

Result_InnerFvmMachine_ptr_t *create_fvm_machine(FvmRegisteredVersion_t version, uint64_t chain_epoch, uint64_t chain_timestamp,
    uint64_t chain_id, uint64_t base_fee_hi, uint64_t base_fee_lo, uint64_t circulating_supply_hi, uint64_t circulating_supply_lo,
    uint32_t network_version, slice_ref_uint8_t state_root, bool tracing, bool flush_all_blocks, uint64_t blockstore_id,
    uint64_t externs_id)
{
    ANSWER(Result_InnerFvmMachine_ptr_t,
        fvm_managed_create_machine(version, chain_epoch, chain_timestamp, chain_id, base_fee_hi, base_fee_lo, circulating_supply_hi,
            circulating_supply_lo, network_version, state_root, tracing, flush_all_blocks, blockstore_id, externs_id));
}

Result_InnerFvmMachine_ptr_t *create_fvm_debug_machine(FvmRegisteredVersion_t version, uint64_t chain_epoch, uint64_t chain_timestamp,
    uint64_t chain_id, uint64_t base_fee_hi, uint64_t base_fee_lo, uint64_t circulating_supply_hi, uint64_t circulating_supply_lo,
    uint32_t network_version, slice_ref_uint8_t state_root, slice_ref_uint8_t actor_redirect, bool tracing, bool flush_all_blocks,
    uint64_t blockstore_id, uint64_t externs_id)
{
    ANSWER(Result_InnerFvmMachine_ptr_t,
        fvm_managed_create_debug_machine(version, chain_epoch, chain_timestamp, chain_id, base_fee_hi, base_fee_lo, circulating_supply_hi,
            circulating_supply_lo, network_version, state_root, actor_redirect, tracing, flush_all_blocks, blockstore_id, externs_id));
}

Result_FvmMachineExecuteResponse_t *fvm_machine_execute_message(
    InnerFvmMachine_t const *machine, slice_ref_uint8_t message, uint64_t chain_len, uint64_t apply_kind)
{
    ANSWER(Result_FvmMachineExecuteResponse_t, fvm_managed_execute_message(machine, message, chain_len, apply_kind));
}

Result_slice_boxed_uint8_t *fvm_machine_flush(InnerFvmMachine_t const *machine)
{
    ANSWER(Result_slice_boxed_uint8_t, fvm_managed_flush(machine));
}

void drop_fvm_machine(InnerFvmMachine_t *machine)
{
    /* If C# cannot be entered, there is nothing to free. */
    if (machine != NULL && fvm_shim_refusal(__builtin_frame_address(0)) == NULL) {
        jmp_buf back;
        int volatile state = enter();
        if (fvm_shim_enter(&back) == NULL) {
            if (_setjmp(back) == 0) {
                KEEP_DISTANCE();
                fvm_managed_drop(machine);
            } else {
                (void)fvm_shim_enter_failed();
            }
        }
        leave(state);
    }
}

char const *fvm_version(void) { return FVM_VERSION; }

Result_slice_boxed_uint8_t *fvm_capabilities(void) { ANSWER(Result_slice_boxed_uint8_t, fvm_managed_capabilities()); }

/* ---- Release. NULL is ignored. */

void destroy_create_fvm_machine_response(Result_InnerFvmMachine_ptr_t *response)
{
    if (response != NULL) {
        drop_fvm_machine(response->value);
        free_response(response);
    }
}

void destroy_fvm_machine_execute_response(Result_FvmMachineExecuteResponse_t *response)
{
    if (response != NULL) {
        free_slice(response->value.return_val);
        free_slice(response->value.exec_trace);
        free_slice(response->value.failure_info);
        free_slice(response->value.events);
        free_slice(response->value.events_root);
        free_response(response);
    }
}

static void destroy_bytes(Result_slice_boxed_uint8_t *response)
{
    if (response != NULL) {
        free_slice(response->value);
        free_response(response);
    }
}

void destroy_fvm_machine_flush_response(Result_slice_boxed_uint8_t *response) { destroy_bytes(response); }
void destroy_fvm_capabilities_response(Result_slice_boxed_uint8_t *response) { destroy_bytes(response); }

/* The name by which Go frees the response of a flush; the proofs library defines it, too. */
void destroy_seal_pre_commit_phase1_response(Result_slice_boxed_uint8_t *response) { destroy_bytes(response); }
