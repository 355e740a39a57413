/* Machines of the host that are followed, by the leader's handle. */
#define _GNU_SOURCE
#include "shadow.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BUCKETS = 4096, STEP_MS = 20 /* between two looks while waiting for the follower */ };

static pthread_mutex_t handles_gate = PTHREAD_MUTEX_INITIALIZER;
static struct machine *handles[BUCKETS];

static size_t bucket_of(InnerFvmMachine_t const *handle)
{
    return (size_t)(((uint64_t)(uintptr_t)handle * 0x9e3779b97f4a7c15u) >> 52);
}

struct machine *shadow_machine_of_token(uint64_t token)
{
    return token >> 63 != 0 ? (struct machine *)(uintptr_t)(token & ~((uint64_t)1 << 63)) : NULL;
}

static bool copy_slice(slice_ref_uint8_t *slice)
{
    uint8_t *copy = malloc(slice->len + 1);
    if (copy == NULL) {
        return false;
    }
    if (slice->len != 0) {
        memcpy(copy, slice->ptr, slice->len);
    }
    slice->ptr = copy;
    return true;
}

struct machine *shadow_new_machine(struct parameters const *parameters)
{
    /* Sizes that no CID has are left to the leader, which refuses them; so are handles that look like a token. */
    if (parameters->root.len > 128 || parameters->redirect.len > 128 || (parameters->root.ptr == NULL && parameters->root.len != 0)
        || (parameters->redirect.ptr == NULL && parameters->redirect.len != 0)
        || ((parameters->blockstore | parameters->externs) >> 63) != 0) {
        return NULL;
    }
    struct machine *machine = calloc(1, sizeof *machine);
    if (machine == NULL) {
        return NULL;
    }
    machine->parameters = *parameters;
    atomic_init(&machine->users, 1);
    if (!copy_slice(&machine->parameters.root)) {
        free(machine);
        return NULL;
    }
    if (!copy_slice(&machine->parameters.redirect)) {
        free((void *)machine->parameters.root.ptr);
        free(machine);
        return NULL;
    }
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&machine->gate, NULL);
    pthread_cond_init(&machine->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    return machine;
}

static void free_answer(struct answer *answer)
{
    free(answer->value.return_val.ptr);
    free(answer->value.exec_trace.ptr);
    free(answer->value.failure_info.ptr);
    free(answer->value.events.ptr);
    free(answer->value.events_root.ptr);
    free(answer->root.ptr);
}

void shadow_free_call(struct call *call)
{
    if (call != NULL) {
        free_answer(&call->leader);
        free_answer(&call->follower);
        free(call->message);
        free(call);
    }
}

static void free_machine(struct machine *machine)
{
    while (machine->first != NULL) {
        struct call *call = machine->first;
        machine->first = call->next;
        shadow_free_call(call);
    }
    while (machine->answers != NULL) {
        struct extern_answer *answer = machine->answers;
        machine->answers = answer->next;
        free(answer);
    }
    shadow_set_clear(&machine->blocks);
    atomic_fetch_sub(&shadow_held, (long)machine->held);
    free((void *)machine->parameters.root.ptr);
    free((void *)machine->parameters.redirect.ptr);
    pthread_mutex_destroy(&machine->gate);
    pthread_cond_destroy(&machine->changed);
    free(machine);
}

bool shadow_register(struct machine *machine, InnerFvmMachine_t *handle)
{
    size_t at = bucket_of(handle);
    pthread_mutex_lock(&handles_gate);
    machine->leader = handle;
    machine->next_by_handle = handles[at];
    handles[at] = machine;
    pthread_mutex_unlock(&handles_gate);
    return true;
}

struct machine *shadow_find(InnerFvmMachine_t const *handle, bool unregister)
{
    pthread_mutex_lock(&handles_gate);
    struct machine **link = &handles[bucket_of(handle)];
    while (*link != NULL && (*link)->leader != handle) {
        link = &(*link)->next_by_handle;
    }
    struct machine *found = *link;
    if (found != NULL) {
        atomic_fetch_add(&found->users, 1); /* a handle is a user itself, as long as it is registered */
        if (unregister) {
            *link = found->next_by_handle;
        }
    }
    pthread_mutex_unlock(&handles_gate);
    return found;
}

void shadow_leave_machine(struct machine *machine)
{
    if (atomic_fetch_sub(&machine->users, 1) == 1) {
        free_machine(machine);
    }
}

void shadow_abandon(struct machine *machine, enum counter reason)
{
    if (machine->behind == 0) {
        machine->behind = reason;
        shadow_count(reason);
        for (struct call *call = machine->next; call != NULL; call = call->next) {
            atomic_fetch_sub(&shadow_waiting, 1);
            if (call->kind == CALL_EXECUTE) {
                shadow_count(MESSAGES_BEHIND);
            }
        }
        machine->next = NULL;
        shadow_make_ready(machine);
        pthread_cond_broadcast(&machine->changed);
    }
}

bool shadow_hold(struct machine *machine, size_t bytes)
{
    machine->held += bytes;
    long all = atomic_fetch_add(&shadow_held, (long)bytes) + (long)bytes;
    if (all > (long)shadow_settings.memory) {
        shadow_abandon(machine, BEHIND_MEMORY);
        return false;
    }
    return true;
}

bool shadow_enter_call(struct machine *machine)
{
    pthread_mutex_lock(&machine->gate);
    /* The leader decides in which order calls from several threads run; it does not tell. */
    if (machine->in_call++ > 0) {
        shadow_abandon(machine, BEHIND_CONCURRENT);
    }
    bool followed = machine->behind == 0;
    pthread_cond_broadcast(&machine->changed);
    pthread_mutex_unlock(&machine->gate);
    return followed;
}

void shadow_wait(struct machine *machine, long ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += ms * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_nsec -= 1000000000;
        until.tv_sec++;
    }
    pthread_cond_timedwait(&machine->changed, &machine->gate, &until);
}

void shadow_exit_call(struct machine *machine, long wait_ms)
{
    pthread_mutex_lock(&machine->gate);
    if (wait_ms > 0) {
        int64_t deadline = shadow_now_ms() + wait_ms;
        while (machine->behind == 0 && (machine->next != NULL || machine->running) && !atomic_load(&shadow_follower_lost)
            && shadow_now_ms() < deadline) {
            shadow_hurry(2 * STEP_MS);
            shadow_wait(machine, STEP_MS);
        }
    }
    machine->leaving = true;
    while (machine->asking > 0) {
        shadow_wait(machine, STEP_MS);
    }
    machine->in_call--;
    machine->leaving = false;
    pthread_mutex_unlock(&machine->gate);
}

struct call *shadow_new_call(enum call_kind kind, uint8_t const *message, size_t length)
{
    struct call *call = calloc(1, sizeof *call);
    if (call == NULL) {
        return NULL;
    }
    call->kind = kind;
    call->message = malloc(length + 1);
    if (call->message == NULL) {
        free(call);
        return NULL;
    }
    if (length != 0) {
        memcpy(call->message, message, length);
    }
    call->message_length = length;
    return call;
}

void shadow_add_call(struct machine *machine, struct call *call)
{
    pthread_mutex_lock(&machine->gate);
    FvmMachineExecuteResponse_t const *value = &call->leader.value;
    size_t bytes = sizeof *call + call->message_length + value->return_val.len + value->exec_trace.len + value->events.len
        + value->failure_info.len;
    if (machine->behind == 0 && atomic_load(&shadow_waiting) >= shadow_settings.queue) {
        shadow_abandon(machine, BEHIND_QUEUE);
    }
    /* A machine that its own callback dropped has no follower any more. */
    if (machine->dropped || machine->behind != 0 || !shadow_hold(machine, bytes)) {
        if (call->kind == CALL_EXECUTE) {
            shadow_count(MESSAGES_BEHIND);
        }
        shadow_free_call(call);
    } else {
        atomic_fetch_add(&shadow_waiting, 1);
        if (machine->last != NULL) {
            machine->last->next = call;
        } else {
            machine->first = call;
        }
        machine->last = call;
        if (machine->next == NULL) {
            machine->next = call;
        }
        shadow_make_ready(machine);
    }
    pthread_mutex_unlock(&machine->gate);
}

/* ---- Copies of the libraries' responses. */

static bool copy_boxed(slice_boxed_uint8_t *to, slice_boxed_uint8_t from)
{
    to->ptr = NULL;
    to->len = 0;
    if (from.ptr == NULL) {
        return true;
    }
    to->ptr = malloc(from.len + 1);
    if (to->ptr == NULL) {
        return false;
    }
    memcpy(to->ptr, from.ptr, from.len);
    to->len = from.len;
    return true;
}

static void copy_error(struct answer *answer, FCPResponseStatus_t status, slice_boxed_uint8_t text)
{
    answer->known = true;
    answer->status = status;
    size_t length = text.ptr == NULL ? 0 : text.len;
    if (length > sizeof answer->error - 1) {
        length = sizeof answer->error - 1;
    }
    if (length != 0) {
        memcpy(answer->error, text.ptr, length);
    }
}

bool shadow_copy_execute(struct answer *answer, Result_FvmMachineExecuteResponse_t const *response)
{
    copy_error(answer, response->status_code, response->error_msg);
    FvmMachineExecuteResponse_t const *from = &response->value;
    FvmMachineExecuteResponse_t *to = &answer->value;
    *to = *from;
    /* All are set, so that all can be freed. */
    bool copied = copy_boxed(&to->return_val, from->return_val);
    copied &= copy_boxed(&to->exec_trace, from->exec_trace);
    copied &= copy_boxed(&to->failure_info, from->failure_info);
    copied &= copy_boxed(&to->events, from->events);
    copied &= copy_boxed(&to->events_root, from->events_root);
    return copied;
}

bool shadow_copy_flush(struct answer *answer, Result_slice_boxed_uint8_t const *response)
{
    copy_error(answer, response->status_code, response->error_msg);
    return copy_boxed(&answer->root, response->value);
}
