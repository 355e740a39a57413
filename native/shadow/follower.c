/* The follower's threads: they repeat the leader's calls, machine by machine.
 * A watchdog gives up threads that exceed the time limit, and writes the
 * metrics. */
#define _GNU_SOURCE
#include "shadow.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { STACK = 64 << 20, MAX_HANGING = 4, MAX_WORKERS = 64 + MAX_HANGING, ERROR_LINES = 10 };

atomic_bool shadow_follower_lost, shadow_forked;

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ready = PTHREAD_COND_INITIALIZER;
static struct machine *first_ready, *last_ready;

static struct worker {
    struct machine *machine;   /* at work */
    int64_t since;
    bool used, hangs;
} workers[MAX_WORKERS];

static int hanging;
static bool stopping;

void shadow_make_ready(struct machine *machine)
{
    if (machine->queued || machine->running || atomic_load(&shadow_follower_lost) || atomic_load(&shadow_forked)) {
        return;
    }
    machine->queued = true;
    atomic_fetch_add(&machine->users, 1);
    machine->next_ready = NULL;
    pthread_mutex_lock(&gate);
    *(last_ready != NULL ? &last_ready->next_ready : &first_ready) = machine;
    last_ready = machine;
    pthread_cond_signal(&ready);
    pthread_mutex_unlock(&gate);
}

static void note_error(char const *call, char const *error)
{
    static atomic_int lines;
    if (atomic_fetch_add(&lines, 1) < ERROR_LINES) {
        shadow_log("the follower's %s failed: %s", call, error);
    }
}

/* ---- One call. */

static bool create(struct machine *machine, struct answer *answer)
{
    struct parameters const *p = &machine->parameters;
    Result_InnerFvmMachine_ptr_t *response = p->debug
        ? shadow_follower.create_debug(p->version, p->epoch, p->timestamp, p->chain_id, p->base_fee_hi, p->base_fee_lo, p->supply_hi,
              p->supply_lo, p->network_version, p->root, p->redirect, p->tracing, p->flush_all_blocks, TOKEN(machine), TOKEN(machine))
        : shadow_follower.create(p->version, p->epoch, p->timestamp, p->chain_id, p->base_fee_hi, p->base_fee_lo, p->supply_hi,
              p->supply_lo, p->network_version, p->root, p->tracing, p->flush_all_blocks, TOKEN(machine), TOKEN(machine));
    answer->status = response->status_code;
    answer->known = true;
    if (response->status_code == 0) {
        machine->follower = response->value;
        response->value = NULL;
    } else if (!machine->lacked && !machine->died) {
        char text[200] = "";
        size_t length = response->error_msg.len < sizeof text - 1 ? response->error_msg.len : sizeof text - 1;
        memcpy(text, response->error_msg.ptr, response->error_msg.ptr == NULL ? 0 : length);
        note_error("creation of a machine", text);
    }
    shadow_follower.destroy_create(response);
    return answer->status == 0;
}

static bool repeat(struct machine *machine, struct call *call)
{
    bool copied = true;
    if (call->kind == CALL_CREATE) {
        return create(machine, &call->follower);
    }
    if (call->kind == CALL_EXECUTE) {
        slice_ref_uint8_t message = {call->message, call->message_length};
        Result_FvmMachineExecuteResponse_t *response =
            shadow_follower.execute(machine->follower, message, call->chain_length, call->apply_kind);
        copied = shadow_copy_execute(&call->follower, response);
        shadow_follower.destroy_execute(response);
    } else {
        Result_slice_boxed_uint8_t *response = shadow_follower.flush(machine->follower);
        copied = shadow_copy_flush(&call->follower, response);
        shadow_follower.destroy_flush(response);
    }
    return copied;
}

static long message_number(struct machine const *machine, struct call const *call)
{
    long number = 0;
    for (struct call const *other = machine->first; other != call; other = other->next) {
        number += other->kind == CALL_EXECUTE && other->leader.status == 0;
    }
    return number;
}

/* After a call. Compares without the machine's gate, for which the host's next call would wait. */
static void judge(struct machine *machine, struct call *call, bool complete)
{
    pthread_mutex_lock(&machine->gate);
    if (machine->behind == 0 && (machine->lacked || machine->host_failed || machine->died || !complete)) {
        if (machine->lacked) {
            shadow_code_lacked();
        }
        shadow_abandon(machine, machine->lacked ? BEHIND_BLOCK : machine->host_failed ? BEHIND_HOST : BEHIND_FOLLOWER);
    }
    bool in_step = machine->behind == 0;
    pthread_mutex_unlock(&machine->gate);
    if (!in_step || call->kind == CALL_CREATE) {
        if (call->kind == CALL_EXECUTE) {
            shadow_count(MESSAGES_BEHIND);
        }
        return;
    }
#ifdef FVM_SHADOW_PLANT
    shadow_plant(call);
#endif
    shadow_count(call->kind == CALL_EXECUTE ? MESSAGES_COMPARED : FLUSHES_COMPARED);
    shadow_compare(machine, call, call->kind == CALL_EXECUTE ? message_number(machine, call) : -1);
}

/* Ends what is no longer needed of a machine; with nothing queued for it. */
static void finish(struct machine *machine)
{
    if (machine->follower != NULL) {
        shadow_follower.drop(machine->follower);
        machine->follower = NULL;
    }
    pthread_mutex_lock(&machine->gate);
    bool write = machine->difference_count > 0 && !machine->written;
    machine->written |= write;
    pthread_mutex_unlock(&machine->gate);
    if (write) {
        shadow_write_vector(machine);
    }
    if (machine->behind == 0) {
        shadow_count(MACHINES_COMPARED);
    }
    pthread_mutex_lock(&machine->gate);
    struct call *call = machine->first;
    struct block_set blocks = machine->blocks;
    machine->first = machine->last = machine->next = NULL;
    machine->blocks = (struct block_set){0};
    pthread_mutex_unlock(&machine->gate);
    while (call != NULL) {
        struct call *next = call->next;
        shadow_free_call(call);
        call = next;
    }
    shadow_set_clear(&blocks);
}

static void work_on(struct machine *machine, struct worker *worker)
{
    pthread_mutex_lock(&machine->gate);
    machine->queued = false;
    machine->running = true;
    struct call *call = machine->next;
    if (call != NULL) {
        machine->next = call->next;
        atomic_fetch_sub(&shadow_waiting, 1);
    }
    pthread_mutex_unlock(&machine->gate);
    bool ends = false;
    if (call != NULL) {
        int64_t since = shadow_now_us();
        pthread_mutex_lock(&gate);
        worker->since = shadow_now_ms();
        worker->machine = machine;
        pthread_mutex_unlock(&gate);
        bool complete = repeat(machine, call);
        pthread_mutex_lock(&gate);
        worker->machine = NULL;
        pthread_mutex_unlock(&gate);
        atomic_fetch_add(&shadow_counters[FOLLOWER_MICROSECONDS], shadow_now_us() - since);
        judge(machine, call, complete);
        pthread_mutex_lock(&machine->gate);
        bool write = call->kind == CALL_FLUSH && machine->difference_count > 0 && !machine->written;
        machine->written |= write;
        pthread_mutex_unlock(&machine->gate);
        if (write) {
            shadow_write_vector(machine);
        }
    }
    pthread_mutex_lock(&machine->gate);
    if (call == NULL || machine->behind != 0) {
        ends = machine->next == NULL && (machine->dropped || machine->behind != 0);
        pthread_mutex_unlock(&machine->gate);
        if (ends) {
            finish(machine);
        }
        pthread_mutex_lock(&machine->gate);
    }
    machine->running = false;
    if (machine->next != NULL || (machine->dropped && !ends)) {
        shadow_make_ready(machine);
    }
    pthread_cond_broadcast(&machine->changed);
    pthread_mutex_unlock(&machine->gate);
    shadow_leave_machine(machine);
}

static void *work(void *worker_)
{
    struct worker *worker = worker_;
    pthread_setname_np(pthread_self(), "fvm-shadow");
    /* One that only talks to the follower's process holds locks that the leader's calls need, and must not wait for other threads to rest. */
    bool talks = shadow_settings.program != NULL && shadow_settings.nice == NICE_IDLE;
    shadow_give_way(talks ? NICE_DEFAULT : shadow_settings.nice);
    shadow_leave_processors(shadow_settings.processors);
    pthread_mutex_lock(&gate);
    while (!worker->hangs && !stopping) {
        struct machine *machine = first_ready;
        if (machine == NULL) {
            pthread_cond_wait(&ready, &gate);
            continue;
        }
        first_ready = machine->next_ready;
        if (first_ready == NULL) {
            last_ready = NULL;
        }
        pthread_mutex_unlock(&gate);
        work_on(machine, worker);
        pthread_mutex_lock(&gate);
    }
    if (worker->hangs) {
        hanging--; /* came back; another thread has taken its place */
    }
    worker->used = false;
    pthread_mutex_unlock(&gate);
    return NULL;
}

static bool start(void *(*body)(void *), void *argument)
{
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    bool started = pthread_create(&thread, &attributes, body, argument) == 0;
    pthread_attr_destroy(&attributes);
    return started;
}

/* With the gate held. */
static bool start_worker(void)
{
    for (int i = 0; i < MAX_WORKERS; i++) {
        if (!workers[i].used) {
            workers[i] = (struct worker){.used = true};
            workers[i].used = start(work, &workers[i]);
            return workers[i].used;
        }
    }
    return false;
}

/* In a process of its own a call that takes too long ends with the process. With the gate held; false if the thread is held up elsewhere. */
static bool interrupt(struct worker *worker, struct machine *machine)
{
    atomic_fetch_add(&machine->users, 1);
    pthread_mutex_unlock(&gate);
    pthread_mutex_lock(&machine->gate);
    shadow_abandon(machine, BEHIND_TIMEOUT);
    pthread_mutex_unlock(&machine->gate);
    shadow_leave_machine(machine);
    pthread_mutex_lock(&gate);
    if (worker->machine != machine) {
        return true;
    }
    worker->since = shadow_now_ms();
    return shadow_interrupt_process();
}

static void give_up(struct worker *worker, struct machine *machine)
{
    if (shadow_settings.program != NULL && interrupt(worker, machine)) {
        return;
    }
    worker->hangs = true;
    hanging++;
    bool lost = hanging >= MAX_HANGING || !start_worker();
    atomic_fetch_add(&machine->users, 1); /* the thread may come back, and leave it */
    pthread_mutex_unlock(&gate);
    shadow_log("the follower has taken more than %ld ms for a call, which is given up", shadow_settings.timeout_ms);
    pthread_mutex_lock(&machine->gate);
    shadow_abandon(machine, BEHIND_TIMEOUT);
    pthread_mutex_unlock(&machine->gate);
    shadow_leave_machine(machine);
    if (lost && !atomic_exchange(&shadow_follower_lost, true)) {
        shadow_log("the follower hangs on %d threads: it is not used any more, the leader goes on alone", hanging);
    }
    pthread_mutex_lock(&gate);
}

static void *watch(void *nothing)
{
    (void)nothing;
    pthread_setname_np(pthread_self(), "fvm-shadow-watch");
    for (int tick = 0;; tick++) {
        struct timespec pause_ = {.tv_nsec = WATCH_MS * 1000000};
        nanosleep(&pause_, NULL);
        pthread_mutex_lock(&gate);
        for (int i = 0; i < MAX_WORKERS; i++) {
            struct worker *worker = &workers[i];
            if (worker->used && !worker->hangs && worker->machine != NULL
                && shadow_now_ms() - worker->since > shadow_settings.timeout_ms) {
                give_up(worker, worker->machine);
            }
        }
        pthread_mutex_unlock(&gate);
        if (shadow_settings.program != NULL) {
            shadow_watch_process();
        }
        if (tick % (METRICS_MS / WATCH_MS) == 0) {
            shadow_write_metrics();
        }
    }
    return nothing;
}

/* The process ends: its libraries' data is about to be destroyed under the threads. */
static void stop(void)
{
    if (atomic_load(&shadow_forked)) {
        return;
    }
    int64_t deadline = shadow_now_ms() + 500;
    bool busy = true;
    while (busy && shadow_now_ms() < deadline && !atomic_load(&shadow_follower_lost)) {
        struct timespec pause_ = {.tv_nsec = 5000000};
        nanosleep(&pause_, NULL);
        pthread_mutex_lock(&gate);
        stopping = true;
        busy = false;
        for (int i = 0; i < MAX_WORKERS; i++) {
            busy |= workers[i].used && !workers[i].hangs && workers[i].machine != NULL;
        }
        pthread_mutex_unlock(&gate);
    }
    shadow_stop_process();
    shadow_write_metrics();
}

static void after_fork(void)
{
    atomic_store(&shadow_forked, true);
    shadow_forget_process();
}

bool shadow_start_threads(bool following)
{
    pthread_atfork(NULL, NULL, after_fork);
    pthread_mutex_lock(&gate);
    bool started = true;
    for (long i = 0; following && i < shadow_settings.threads; i++) {
        started &= start_worker();
    }
    pthread_mutex_unlock(&gate);
    started &= start(watch, NULL);
    atexit(stop);
    return started;
}
