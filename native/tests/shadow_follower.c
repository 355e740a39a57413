/* A follower that fails as FVM_TEST_FOLLOWER says:
 *   hang, abort, exit, fault, error   at each message
 *   allocate, grow, write             without end; `grow` touches what it allocates, `write` puts blocks
 *   slow                              answers late; all its answers are empty
 *   ask, root, code, late             reads a block: one that nobody else reads; the state root's; that of the CID FVM_TEST_CODE (hexadecimal
 *                                     digits), late; the state root's between two calls
 *   proofs                            has proofs verified, and aborts unless they are answered as shadow_process.c does
 * and in a process of its own, past its program:
 *   garbage, flood, mute              no frame; a frame without end; the end of the connection
 *   nonsense, question                a question of no kind; FVM_TEST_QUESTION: its kind, plus 256 for another machine, and numbers
 *   work, page                        allocates for FVM_TEST_WORK milliseconds; tries to change the page that tells it to pause. What came of it is
 *                                     in the file FVM_TEST_REPORT */
#define _GNU_SOURCE
#define FVM_DECLARE_HOST
#include "filcrypto.h"

#include "../shadow/proofs.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

__attribute__((weak)) verify_seal_t verify_seal;
__attribute__((weak)) verify_aggregate_t verify_aggregate_seal_proof;
__attribute__((weak)) verify_post_t verify_window_post;
__attribute__((weak)) verify_update_t verify_empty_sector_update_proof;
__attribute__((weak)) void destroy_verify_seal_response(struct result_bool *response);

static bool is(char const *what)
{
    char const *mode = getenv("FVM_TEST_FOLLOWER");
    return mode != NULL && strcmp(mode, what) == 0;
}

struct machine {
    uint64_t store;
    int32_t root_length;
    uint8_t root[128];
};

/* To the shadow, past the program that the library runs in. */
static void send_bytes(void const *data, size_t length)
{
    if (write(3, data, length) < 0) {
        abort();
    }
    sleep(20);
}

/* Proofs for the host's functions, and what they answer (shadow_process.c). */
static void verify_proofs(void)
{
    uint8_t bytes[5][32], long_proof[200];
    for (int i = 0; i < 5; i++) {
        memset(bytes[i], 'a' + i, sizeof bytes[i]);
    }
    memset(long_proof, 'p', sizeof long_proof);
    slice_ref_uint8_t proof = {long_proof, sizeof long_proof};
    struct aggregation_input inputs[2] = {{.sector_id = 7}, {.sector_id = 8, .seed = "seed"}};
    struct public_replica replicas[3] = {{.sector_id = 1}, {.sector_id = 2}, {.registered_proof = 3, .sector_id = 1ull << 63}};
    struct post_proof posts[2] = {{1, {long_proof, 1}}, {-2, {long_proof, sizeof long_proof}}};
    struct result_bool *answers[4] = {
        verify_seal(-5, bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], 99, proof),
        verify_aggregate_seal_proof(3, 4, bytes[1], proof, (struct slice_ref_any){inputs, 2}),
        verify_window_post(bytes[2], (struct slice_ref_any){replicas, 3}, (struct slice_ref_any){posts, 2}, bytes[3]),
        verify_empty_sector_update_proof(6, proof, bytes[4], bytes[3], bytes[0]),
    };
    bool right = answers[0]->value && !answers[1]->value && answers[2]->status_code != 0 && answers[2]->error_msg.len == 3
        && memcmp(answers[2]->error_msg.ptr, "why", 3) == 0 && answers[3]->value;
    for (int i = 0; i < 4; i++) {
        right &= i == 2 || answers[i]->status_code == 0;
        destroy_verify_seal_response(answers[i]);
    }
    if (!right) {
        abort();
    }
}

/* Asks when no call runs. */
static void *ask_late(void *machine_)
{
    struct machine const *machine = machine_;
    uint8_t *block = NULL;
    int32_t size = 0;
    usleep(100000);
    if (cgo_blockstore_get(machine->store, machine->root, machine->root_length, &block, &size) == 0) {
        free(block);
    }
    return NULL;
}

/* Two numbers for the test, there at once. */
static void report(long one, long other)
{
    char const *path = getenv("FVM_TEST_REPORT");
    char draft[300];
    snprintf(draft, sizeof draft, "%s.tmp", path);
    FILE *file = fopen(draft, "w");
    if (file == NULL || fprintf(file, "%ld %ld\n", one, other) < 0 || fclose(file) != 0 || rename(draft, path) != 0) {
        abort();
    }
}

static long now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* How often this thread has waited by itself: other programs that have the processors meanwhile do not count. */
static long own_waits(void)
{
    struct rusage usage;
    return getrusage(RUSAGE_THREAD, &usage) == 0 ? usage.ru_nvcsw : 0;
}

/* Works, and reports for how many milliseconds it stood still at most, and in all, whenever that was 5 or more. */
static void work_on(void)
{
    long end = now_us() + atol(getenv("FVM_TEST_WORK")) * 1000, last = now_us(), last_waits = own_waits(), longest = 0, all = 0;
    while (last < end) {
        free(*(void *volatile[]){malloc(100)});
        long now = now_us(), now_waits = own_waits(), still = now_waits == last_waits ? 0 : now - last;
        longest = still > longest ? still : longest;
        all += still >= 5000 ? still : 0;
        last = now;
        last_waits = now_waits;
    }
    report(longest / 1000, all / 1000);
}

static char const page_name[] = "memfd:fvm-shadow-pause";

/* In how many ways a file of the host can be changed. */
static int ways_to_change(int file)
{
    void *mapped = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    return (mapped != MAP_FAILED) + (ftruncate(file, 0) == 0) + (pwrite(file, "1", 1, 0) == 1)
        + (fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096) == 0) + (fcntl(file, F_ADD_SEALS, F_SEAL_WRITE) == 0);
}

/* Reports at how many places the page was found, here and among the host's files, and how many ways there are to change it. */
static void change_page(void)
{
    char text[600], target[300];
    int found = 0, ways = 0;
    FILE *maps = fopen("/proc/self/maps", "r");
    while (maps != NULL && fgets(text, sizeof text, maps) != NULL) {
        if (strstr(text, page_name) != NULL) {
            found++;
            ways += mprotect((void *)strtoul(text, NULL, 16), 4096, PROT_READ | PROT_WRITE) == 0;
        }
    }
    snprintf(text, sizeof text, "/proc/%d/fd", getppid());
    DIR *files = opendir(text);
    struct dirent *entry;
    while (files != NULL && (entry = readdir(files)) != NULL) {
        snprintf(text, sizeof text, "/proc/%d/fd/%s", getppid(), entry->d_name);
        ssize_t length = readlink(text, target, sizeof target - 1);
        target[length < 0 ? 0 : length] = 0;
        if (strstr(target, page_name) != NULL) {
            int file = open(text, O_RDWR | O_CLOEXEC);
            found += file >= 0;
            ways += file >= 0 ? ways_to_change(file) : 0;
        }
    }
    report(found, ways);
}

static void misbehave(struct machine const *machine)
{
    uint64_t store = machine->store;
    if (is("hang")) {
        for (;;) {
            pause();
        }
    }
    if (is("fault")) {
        int volatile *volatile nowhere = NULL;
        *nowhere = 1;
    }
    if (is("garbage")) {
        send_bytes("what a follower has no business to send, and more than a head of a frame", 70);
    }
    if (is("flood")) {
        static uint64_t const head = (uint64_t)1 << 40;
        send_bytes(&head, sizeof head);
    }
    if (is("nonsense")) {
        static uint64_t const frame[] = {8 << 8 | 99, 1};
        send_bytes(frame, sizeof frame);
    }
    if (is("question")) {
        /* A question of a kind, of this machine or another one, with the arguments given: numbers. */
        struct { uint64_t head, numbers[8]; } frame = {.numbers = {machine->store}};
        unsigned kind = 0, count = 0;
        int at = 0;
        if (sscanf(getenv("FVM_TEST_QUESTION"), "%u%n", &kind, &at) != 1) {
            abort();
        }
        for (char const *text = getenv("FVM_TEST_QUESTION") + at; count < 7 && sscanf(text, " %lu%n", &frame.numbers[count + 1], &at) == 1; count++) {
            text += at;
        }
        frame.numbers[0] += kind >> 8;
        frame.head = (uint64_t)(count + 1) << 11 | (kind & 0xff);
        send_bytes(&frame, sizeof frame.head + 8 * (count + 1));
    }
    if (is("work")) {
        work_on();
    }
    if (is("page")) {
        change_page();
    }
    if (is("mute")) {
        shutdown(3, SHUT_RDWR);
        sleep(20);
    }
    if (is("write")) {
        static uint8_t data[1 << 20];
        uint8_t cid[38] = {1, 0x71, 0xa0, 0xe4, 2, 0x20};
        for (uint32_t i = 0;; i++) {
            memcpy(cid + 6, &i, sizeof i);
            cgo_blockstore_put(machine->store, cid, sizeof cid, data, sizeof data);
        }
    }
    if (is("grow")) {
        for (size_t size = 1 << 20;; size += 1 << 20) {
            memset(malloc(1 << 20), 1, 1 << 20);
            usleep(500);
        }
    }
    if (is("late")) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, ask_late, (void *)machine) != 0 || pthread_detach(thread) != 0) {
            abort();
        }
    }
    if (is("proofs")) {
        verify_proofs();
    }
    if (is("abort")) {
        abort();
    }
    if (is("exit")) {
        exit(3);
    }
    if (is("allocate")) {
        void **last = NULL;
        for (;;) {
            void **next = malloc(1 << 20);
            if (next == NULL) {
                abort();
            }
            memset(next, 1, 1 << 20);
            *next = last;
            last = next;
        }
    }
    if (is("slow") || is("ask") || is("code")) {
        usleep(150000);
    }
    if (is("code")) {
        char const *digits = getenv("FVM_TEST_CODE");
        uint8_t cid[64], *block = NULL;
        int32_t length = 0, size = 0;
        for (; length < (int32_t)sizeof cid && sscanf(digits + 2 * length, "%2hhx", &cid[length]) == 1; length++) {
        }
        if (cgo_blockstore_get(store, cid, length, &block, &size) == 0) {
            free(block);
        }
    }
    if (is("ask") || is("root")) {
        static uint8_t const cid[38] = {1, 0x71, 0xa0, 0xe4, 2, 0x20, 9};
        uint8_t *block = NULL;
        int32_t size = 0;
        bool root = is("root");
        if (cgo_blockstore_get(store, root ? machine->root : cid, root ? machine->root_length : (int32_t)sizeof cid, &block, &size) == 0) {
            free(block);
        }
    }
}

Result_InnerFvmMachine_ptr_t *create_fvm_machine(FvmRegisteredVersion_t version, uint64_t chain_epoch, uint64_t chain_timestamp,
    uint64_t chain_id, uint64_t base_fee_hi, uint64_t base_fee_lo, uint64_t circulating_supply_hi, uint64_t circulating_supply_lo,
    uint32_t network_version, slice_ref_uint8_t state_root, bool tracing, bool flush_all_blocks, uint64_t blockstore_id,
    uint64_t externs_id)
{
    (void)version, (void)chain_epoch, (void)chain_timestamp, (void)chain_id, (void)base_fee_hi, (void)base_fee_lo;
    (void)circulating_supply_hi, (void)circulating_supply_lo, (void)network_version, (void)tracing;
    (void)flush_all_blocks, (void)externs_id;
    struct machine *machine = calloc(1, sizeof *machine);
    Result_InnerFvmMachine_ptr_t *response = calloc(1, sizeof *response);
    machine->store = blockstore_id;
    machine->root_length = state_root.len > sizeof machine->root ? 0 : (int32_t)state_root.len;
    memcpy(machine->root, state_root.ptr, (size_t)machine->root_length);
    response->value = (InnerFvmMachine_t *)machine;
    return response;
}

Result_InnerFvmMachine_ptr_t *create_fvm_debug_machine(FvmRegisteredVersion_t version, uint64_t chain_epoch, uint64_t chain_timestamp,
    uint64_t chain_id, uint64_t base_fee_hi, uint64_t base_fee_lo, uint64_t circulating_supply_hi, uint64_t circulating_supply_lo,
    uint32_t network_version, slice_ref_uint8_t state_root, slice_ref_uint8_t actor_redirect, bool tracing, bool flush_all_blocks,
    uint64_t blockstore_id, uint64_t externs_id)
{
    (void)actor_redirect;
    return create_fvm_machine(version, chain_epoch, chain_timestamp, chain_id, base_fee_hi, base_fee_lo, circulating_supply_hi,
        circulating_supply_lo, network_version, state_root, tracing, flush_all_blocks, blockstore_id, externs_id);
}

Result_FvmMachineExecuteResponse_t *fvm_machine_execute_message(
    InnerFvmMachine_t const *machine, slice_ref_uint8_t message, uint64_t chain_len, uint64_t apply_kind)
{
    (void)message, (void)chain_len, (void)apply_kind;
    misbehave((struct machine const *)machine);
    Result_FvmMachineExecuteResponse_t *response = calloc(1, sizeof *response);
    response->status_code = is("error");
    return response;
}

Result_slice_boxed_uint8_t *fvm_machine_flush(InnerFvmMachine_t const *machine)
{
    (void)machine;
    return calloc(1, sizeof(Result_slice_boxed_uint8_t));
}

void drop_fvm_machine(InnerFvmMachine_t *machine) { free(machine); }
void destroy_create_fvm_machine_response(Result_InnerFvmMachine_ptr_t *response) { free(response); }
void destroy_fvm_machine_execute_response(Result_FvmMachineExecuteResponse_t *response) { free(response); }
void destroy_fvm_machine_flush_response(Result_slice_boxed_uint8_t *response) { free(response); }
