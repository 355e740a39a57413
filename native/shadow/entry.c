/* The interface's functions. The leader runs on the caller's thread, exactly
 * as alone; what is done for the follower never changes its results. */
#define _GNU_SOURCE
#include "shadow.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifndef FVM_VERSION
#error "FVM_VERSION is given by scripts/publish-shadow"
#endif

enum {
    DROP_WAIT_MS = 50,    /* in which the follower may still ask the host */
    DROP_SHARE = 10,      /* a collector drops machine after machine: together they wait for 1/10 of the time, */
    DROP_BURST_MS = 1000, /* that of so many milliseconds in advance */
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char problem[700];   /* why there is no leader */
static bool following;
static uint64_t sample_seed;

static void load(void)
{
    Dl_info own;
    shadow_read_settings(dladdr((void *)load, &own) != 0 ? own.dli_fname : NULL);
    if (shadow_settings.leader == NULL) {
        snprintf(problem, sizeof problem, "FVM_SHADOW_LEADER must name the library that answers");
        return;
    }
    char const *why = shadow_load(&shadow_leader, shadow_settings.leader, shadow_leader_redirects, NULL);
    if (why != NULL) {
        snprintf(problem, sizeof problem, "FVM_SHADOW_LEADER: %s", why);
        return;
    }
    why = shadow_settings.follower == NULL ? "FVM_SHADOW_FOLLOWER is not set"
        : shadow_settings.sample <= 0      ? "FVM_SHADOW_SAMPLE is 0"
        : shadow_settings.program != NULL  ? shadow_use_process()
                                           : shadow_load(&shadow_follower, shadow_settings.follower, shadow_follower_redirects,
                                                 shadow_leader.handle);
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    sample_seed = (uint64_t)now.tv_nsec * 0x9e3779b97f4a7c15u;
    bool started = shadow_start_threads(why == NULL);
    following = started && why == NULL;
    if (following) {
        shadow_log("%s leads, %s follows at %g of the states%s", shadow_leader.path, shadow_follower.path, shadow_settings.sample,
            shadow_settings.program != NULL ? ", in a process of its own" : "");
    } else {
        shadow_log("%s is alone, nothing is compared: %s", shadow_leader.path, why == NULL ? "a thread cannot be started" : why);
    }
}

static char const *refusal(void)
{
    pthread_once(&once, load);
    return shadow_leader.flush == NULL || problem[0] != 0 ? problem : NULL;
}

/* A response of our own, only where there is no leader. All responses begin with a status and a text. */
static void *refuse(size_t size, char const *why)
{
    Result_slice_boxed_uint8_t *response = calloc(1, size);
    if (response == NULL) {
        abort(); /* a response is never NULL */
    }
    response->status_code = F_C_P_RESPONSE_STATUS_UNCLASSIFIED_ERROR;
    response->error_msg = (slice_boxed_uint8_t){(uint8_t *)strdup(why), strlen(why)};
    if (response->error_msg.ptr == NULL) {
        response->error_msg.len = 0;
    }
    return response;
}

static void free_own(void *response)
{
    if (response != NULL) {
        free(((Result_slice_boxed_uint8_t *)response)->error_msg.ptr);
        free(response);
    }
}

/* Machines on the same state and epoch share their fate, so that all of a tipset's calls are compared, or none. */
static bool sampled(struct parameters const *parameters)
{
    uint64_t hash = sample_seed ^ parameters->epoch;
    for (size_t i = 0; i < parameters->root.len && parameters->root.ptr != NULL && i < 128; i++) {
        hash = (hash ^ parameters->root.ptr[i]) * 0x100000001b3u;
    }
    hash = (hash ^ hash >> 31) * 0x9e3779b97f4a7c15u;
    hash ^= hash >> 29;
    return (double)(hash >> 11) < shadow_settings.sample * (double)(1ull << 53);
}

static int no_cancel(void)
{
    int before;
    return pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before) == 0 ? before : PTHREAD_CANCEL_ENABLE;
}

/* Around each call of the leader. */
static int64_t begin_leader(void)
{
    int64_t now = shadow_now_us();
    shadow_pause(now);
    return now;
}

static void end_leader(int64_t since)
{
    int64_t now = shadow_now_us();
    shadow_go_on(now);
    atomic_fetch_add_explicit(&shadow_counters[LEADER_MICROSECONDS], now - since, memory_order_relaxed);
}

static Result_InnerFvmMachine_ptr_t *create_leader(struct parameters const *p, uint64_t store, uint64_t externs)
{
    return p->debug ? shadow_leader.create_debug(p->version, p->epoch, p->timestamp, p->chain_id, p->base_fee_hi, p->base_fee_lo,
                          p->supply_hi, p->supply_lo, p->network_version, p->root, p->redirect, p->tracing, p->flush_all_blocks, store, externs)
                    : shadow_leader.create(p->version, p->epoch, p->timestamp, p->chain_id, p->base_fee_hi, p->base_fee_lo, p->supply_hi,
                          p->supply_lo, p->network_version, p->root, p->tracing, p->flush_all_blocks, store, externs);
}

static Result_InnerFvmMachine_ptr_t *create(struct parameters const *parameters)
{
    char const *why = refusal();
    if (why != NULL) {
        return refuse(sizeof(Result_InnerFvmMachine_ptr_t), why);
    }
    shadow_count(MACHINES);
    struct machine *machine = NULL;
    if (following && !atomic_load(&shadow_follower_lost) && !atomic_load(&shadow_forked) && sampled(parameters)) {
        machine = shadow_new_machine(parameters);
    }
    if (machine == NULL) {
        return create_leader(parameters, parameters->blockstore, parameters->externs);
    }
    shadow_count(MACHINES_SAMPLED);
    int cancel = no_cancel();
    shadow_enter_call(machine);
    int64_t since = begin_leader();
    Result_InnerFvmMachine_ptr_t *response = create_leader(parameters, TOKEN(machine), TOKEN(machine));
    end_leader(since);
    struct call *call = response->status_code == 0 ? shadow_new_call(CALL_CREATE, NULL, 0) : NULL;
    if (response->status_code == 0) {
        (void)shadow_register(machine, response->value);
        shadow_read_codes(machine);
        if (call != NULL) {
            shadow_add_call(machine, call);
        } else {
            pthread_mutex_lock(&machine->gate);
            shadow_abandon(machine, BEHIND_MEMORY);
            pthread_mutex_unlock(&machine->gate);
        }
    }
    shadow_exit_call(machine, 0);
    if (response->status_code != 0) {
        shadow_leave_machine(machine);
    }
    (void)pthread_setcancelstate(cancel, NULL);
    return response;
}

EXPORT Result_InnerFvmMachine_ptr_t *create_fvm_machine(FvmRegisteredVersion_t version, uint64_t chain_epoch, uint64_t chain_timestamp,
    uint64_t chain_id, uint64_t base_fee_hi, uint64_t base_fee_lo, uint64_t circulating_supply_hi, uint64_t circulating_supply_lo,
    uint32_t network_version, slice_ref_uint8_t state_root, bool tracing, bool flush_all_blocks, uint64_t blockstore_id,
    uint64_t externs_id)
{
    struct parameters parameters = {version, false, tracing, flush_all_blocks, network_version, chain_epoch, chain_timestamp, chain_id,
        base_fee_hi, base_fee_lo, circulating_supply_hi, circulating_supply_lo, blockstore_id, externs_id, state_root, {NULL, 0}};
    return create(&parameters);
}

EXPORT Result_InnerFvmMachine_ptr_t *create_fvm_debug_machine(FvmRegisteredVersion_t version, uint64_t chain_epoch,
    uint64_t chain_timestamp, uint64_t chain_id, uint64_t base_fee_hi, uint64_t base_fee_lo, uint64_t circulating_supply_hi,
    uint64_t circulating_supply_lo, uint32_t network_version, slice_ref_uint8_t state_root, slice_ref_uint8_t actor_redirect, bool tracing,
    bool flush_all_blocks, uint64_t blockstore_id, uint64_t externs_id)
{
    struct parameters parameters = {version, true, tracing, flush_all_blocks, network_version, chain_epoch, chain_timestamp, chain_id,
        base_fee_hi, base_fee_lo, circulating_supply_hi, circulating_supply_lo, blockstore_id, externs_id, state_root, actor_redirect};
    return create(&parameters);
}

static struct machine *followed(InnerFvmMachine_t const *handle)
{
    return following && handle != NULL && !atomic_load(&shadow_forked) ? shadow_find(handle, false) : NULL;
}

/* Adds the leader's answer for the follower. */
static void add(struct machine *machine, struct call *call, bool copied)
{
    if (call != NULL && copied) {
        shadow_add_call(machine, call);
        return;
    }
    shadow_free_call(call);
    pthread_mutex_lock(&machine->gate);
    shadow_abandon(machine, BEHIND_MEMORY);
    pthread_mutex_unlock(&machine->gate);
}

EXPORT Result_FvmMachineExecuteResponse_t *fvm_machine_execute_message(
    InnerFvmMachine_t const *handle, slice_ref_uint8_t message, uint64_t chain_len, uint64_t apply_kind)
{
    char const *why = refusal();
    if (why != NULL) {
        return refuse(sizeof(Result_FvmMachineExecuteResponse_t), why);
    }
    shadow_count(MESSAGES);
    struct machine *machine = followed(handle);
    if (machine == NULL) {
        return shadow_leader.execute(handle, message, chain_len, apply_kind);
    }
    int cancel = no_cancel();
    bool in_step = shadow_enter_call(machine);
    int64_t since = begin_leader();
    Result_FvmMachineExecuteResponse_t *response = shadow_leader.execute(handle, message, chain_len, apply_kind);
    end_leader(since);
    /* Bytes that are no message, for the leader, change nothing. */
    if (in_step && !(response->status_code != 0 && (message.ptr == NULL || message.len > 1 << 20))) {
        struct call *call = shadow_new_call(CALL_EXECUTE, message.ptr, message.len);
        bool copied = call != NULL && shadow_copy_execute(&call->leader, response);
        if (call != NULL) {
            call->chain_length = chain_len;
            call->apply_kind = apply_kind;
        }
        add(machine, call, copied);
    } else if (!in_step) {
        shadow_count(MESSAGES_BEHIND);
    }
    shadow_exit_call(machine, 0);
    shadow_leave_machine(machine);
    (void)pthread_setcancelstate(cancel, NULL);
    return response;
}

EXPORT Result_slice_boxed_uint8_t *fvm_machine_flush(InnerFvmMachine_t const *handle)
{
    char const *why = refusal();
    if (why != NULL) {
        return refuse(sizeof(Result_slice_boxed_uint8_t), why);
    }
    struct machine *machine = followed(handle);
    if (machine == NULL) {
        return shadow_leader.flush(handle);
    }
    int cancel = no_cancel();
    bool in_step = shadow_enter_call(machine);
    int64_t since = begin_leader();
    Result_slice_boxed_uint8_t *response = shadow_leader.flush(handle);
    end_leader(since);
    if (in_step) {
        struct call *call = shadow_new_call(CALL_FLUSH, NULL, 0);
        add(machine, call, call != NULL && shadow_copy_flush(&call->leader, response));
    }
    shadow_exit_call(machine, shadow_settings.wait_ms);
    shadow_leave_machine(machine);
    if (shadow_settings.wait_ms > 0) {
        shadow_write_metrics();
    }
    (void)pthread_setcancelstate(cancel, NULL);
    return response;
}

static atomic_llong waits_paid; /* the time at which past waits at drops have taken their share */

static long drop_wait(void)
{
    if (shadow_settings.wait_ms > DROP_WAIT_MS) {
        return shadow_settings.wait_ms;
    }
    long long left = (shadow_now_ms() + DROP_BURST_MS - atomic_load(&waits_paid)) / DROP_SHARE;
    return left > DROP_WAIT_MS ? DROP_WAIT_MS : left > 0 ? (long)left : 0;
}

static void pay_wait(int64_t since)
{
    long long now = shadow_now_ms(), paid = atomic_load(&waits_paid);
    /* Of two threads that drop at the same time one may pay for both. */
    atomic_store(&waits_paid, (paid > since ? paid : since) + (now - since) * DROP_SHARE);
}

/* The last time at which the follower may ask the host. */
static void part(InnerFvmMachine_t *handle)
{
    struct machine *machine = following && handle != NULL && !atomic_load(&shadow_forked) ? shadow_find(handle, true) : NULL;
    if (machine == NULL) {
        return;
    }
    int cancel = no_cancel();
    pthread_mutex_lock(&machine->gate);
    bool at_work = machine->in_call > 0;
    pthread_mutex_unlock(&machine->gate);
    /* Within a callback of that machine nothing can be waited for. */
    if (!at_work) {
        int64_t since = shadow_now_ms();
        shadow_enter_call(machine);
        shadow_exit_call(machine, drop_wait());
        pay_wait(since);
    }
    pthread_mutex_lock(&machine->gate);
    machine->dropped = true;
    shadow_make_ready(machine);
    pthread_cond_broadcast(&machine->changed);
    pthread_mutex_unlock(&machine->gate);
    (void)pthread_setcancelstate(cancel, NULL);
    shadow_leader.drop(handle);
    shadow_leave_machine(machine);
    shadow_leave_machine(machine); /* the handle's own */
}

EXPORT void drop_fvm_machine(InnerFvmMachine_t *handle)
{
    if (refusal() == NULL) {
        struct machine *machine = followed(handle);
        if (machine == NULL) {
            shadow_leader.drop(handle);
        } else {
            shadow_leave_machine(machine);
            part(handle);
        }
    }
}

EXPORT void destroy_create_fvm_machine_response(Result_InnerFvmMachine_ptr_t *response)
{
    if (refusal() != NULL) {
        free_own(response);
        return;
    }
    if (response != NULL && response->value != NULL) {
        drop_fvm_machine(response->value);
        response->value = NULL;
    }
    shadow_leader.destroy_create(response);
}

EXPORT void destroy_fvm_machine_execute_response(Result_FvmMachineExecuteResponse_t *response)
{
    refusal() != NULL ? free_own(response) : shadow_leader.destroy_execute(response);
}

EXPORT void destroy_fvm_machine_flush_response(Result_slice_boxed_uint8_t *response)
{
    refusal() != NULL ? free_own(response) : shadow_leader.destroy_flush(response);
}

EXPORT void destroy_seal_pre_commit_phase1_response(Result_slice_boxed_uint8_t *response)
{
    refusal() != NULL ? free_own(response) : shadow_leader.destroy_phase1(response);
}

/* ---- The library itself: the leader's, as far as it has them. */

EXPORT char const *fvm_version(void)
{
    return refusal() == NULL && shadow_leader.version != NULL ? shadow_leader.version() : FVM_VERSION;
}

static bool leader_tells(void) { return refusal() == NULL && shadow_leader.capabilities != NULL && shadow_leader.destroy_capabilities != NULL; }

EXPORT Result_slice_boxed_uint8_t *fvm_capabilities(void)
{
    if (leader_tells()) {
        return shadow_leader.capabilities();
    }
    char const *why = refusal();
    return refuse(sizeof(Result_slice_boxed_uint8_t), why != NULL ? why : "the leader does not tell its capabilities");
}

EXPORT void destroy_fvm_capabilities_response(Result_slice_boxed_uint8_t *response)
{
    leader_tells() ? shadow_leader.destroy_capabilities(response) : free_own(response);
}
