/* libfvm_shadow with a follower in a process of its own (FVM_SHADOW_PROCESS): whatever the process does, the leader's results are as alone, and
 * nothing of it is left in the host. Environment as for shadow.c; FVM_PROOFS is not needed, this program has proof functions. */
#define _GNU_SOURCE
#include "shadow_check.h"
#include "proofs_stub.h"
#include "../shadow/wire.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

static int open_files(long process)
{
    char path[60];
    snprintf(path, sizeof path, "/proc/%ld/fd", process);
    DIR *directory = opendir(path);
    int count = 0;
    while (directory != NULL && readdir(directory) != NULL) {
        count++;
    }
    if (directory != NULL) {
        closedir(directory);
    }
    return count - 2;
}

/* The state letter of a process; 0 if there is none. */
static char state_of(long process)
{
    char path[60], text[400] = "";
    snprintf(path, sizeof path, "/proc/%ld/stat", process);
    FILE *file = fopen(path, "r");
    if (file != NULL) {
        text[fread(text, 1, sizeof text - 1, file)] = 0;
        fclose(file);
    }
    char const *at = strrchr(text, ')');
    return at == NULL ? 0 : at[2];
}

/* The only child of this process; 0 without one. */
static long child_of_host(void)
{
    long found = 0;
    DIR *tasks = opendir("/proc/self/task");
    struct dirent *task;
    while (tasks != NULL && (task = readdir(tasks)) != NULL) {
        char path[300];
        snprintf(path, sizeof path, "/proc/self/task/%s/children", task->d_name);
        FILE *file = fopen(path, "r");
        long child = 0;
        if (file != NULL && fscanf(file, "%ld", &child) == 1) {
            CHECK(found == 0, "more than one child");
            found = child;
        }
        if (file != NULL) {
            fclose(file);
        }
    }
    if (tasks != NULL) {
        closedir(tasks);
    }
    return found;
}

/* Is a library mapped into this process? */
static bool maps(char const *name)
{
    FILE *file = fopen("/proc/self/maps", "r");
    char line[1000];
    bool found = false;
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        found |= strstr(line, name) != NULL;
    }
    if (file != NULL) {
        fclose(file);
    }
    return found;
}

static void agree(void)
{
    int kept = fcntl(STDIN_FILENO, F_DUPFD, 100); /* without O_CLOEXEC: no business of the process */
    agree_on_examples();
    METRIC("follower_starts_total", 1);
    METRIC("follower_deaths_total", 0);
    char const *name = strrchr(getenv("FVM_SHADOW_FOLLOWER"), '/');
    CHECK(!maps(name), "the follower's library is in the host");
    long child = child_of_host();
    CHECK(child > 0 && open_files(child) < 10, "the process %ld has %d files", child, open_files(child));
    char path[60], target[200] = "";
    snprintf(path, sizeof path, "/proc/%ld/fd/%d", child, kept);
    CHECK(kept >= 100 && readlink(path, target, sizeof target - 1) < 0, "the process has the host's file %d: %s", kept, target);
    close(kept);
}

/* ---- The host's proof functions: each checks what the follower in its mode "proofs" asks. */

static bool filled(void const *bytes, char with, size_t length)
{
    bool all = true;
    for (size_t i = 0; i < length; i++) {
        all &= ((char const *)bytes)[i] == with;
    }
    return all;
}

static int asked, freed;

struct result_bool *verify_seal(int32_t kind, void const *comm_r, void const *comm_d, void const *prover, void const *ticket,
    void const *seed, uint64_t sector, slice_ref_uint8_t proof)
{
    asked++;
    CHECK(kind == -5 && filled(comm_r, 'a', 32) && filled(comm_d, 'b', 32) && filled(prover, 'c', 32) && filled(ticket, 'd', 32)
        && filled(seed, 'e', 32) && sector == 99 && proof.len == 200 && filled(proof.ptr, 'p', 200), "verify_seal");
    return answer(true);
}

struct result_bool *verify_aggregate_seal_proof(int32_t kind, int32_t aggregation, void const *prover, slice_ref_uint8_t proof,
    struct slice_ref_any inputs)
{
    asked++;
    struct aggregation_input const *input = inputs.ptr;
    CHECK(kind == 3 && aggregation == 4 && filled(prover, 'b', 32) && proof.len == 200 && inputs.len == 2 && input[0].sector_id == 7
        && input[1].sector_id == 8 && memcmp(input[1].seed, "seed", 4) == 0, "verify_aggregate_seal_proof");
    return answer(false);
}

struct result_bool *verify_window_post(void const *randomness, struct slice_ref_any replicas, struct slice_ref_any proofs, void const *prover)
{
    asked++;
    struct public_replica const *replica = replicas.ptr;
    struct post_proof const *proof = proofs.ptr;
    CHECK(filled(randomness, 'c', 32) && filled(prover, 'd', 32) && replicas.len == 3 && replica[1].sector_id == 2
        && replica[2].registered_proof == 3 && replica[2].sector_id == 1ull << 63 && proofs.len == 2 && proof[0].proof.len == 1
        && proof[1].registered_proof == -2 && proof[1].proof.len == 200 && filled(proof[1].proof.ptr, 'p', 200), "verify_window_post");
    return refuse("why");
}

struct result_bool *verify_empty_sector_update_proof(int32_t kind, slice_ref_uint8_t proof, void const *comm_r_old, void const *comm_r_new,
    void const *comm_d_new)
{
    asked++;
    CHECK(kind == 6 && proof.len == 200 && filled(comm_r_old, 'e', 32) && filled(comm_r_new, 'd', 32) && filled(comm_d_new, 'a', 32),
        "verify_empty_sector_update_proof");
    return answer(true);
}

void destroy_verify_seal_response(struct result_bool *response)
{
    freed++;
    destroy(response);
}

static void verify(void)
{
    use_bad_follower("proofs");
    use("FVM_SHADOW_WAIT", "30");
    run_vector("counter", false);
    METRIC("follower_deaths_total", 0);
    CHECK(asked > 0 && asked % 4 == 0 && freed == asked, "%d proofs were verified, %d answers freed", asked, freed);
}

static void plant(void)
{
    use("FVM_SHADOW_WAIT", "30");
    use("FVM_SHADOW_PLANT", "gas_used");
    run_vector("events", false);
    METRIC("differences_total", 1);
}

/* Three processes that fail in a row, each at its first message; then one that does not, but answers nothing. */
static void fail(char const *mode)
{
    use_bad_follower(mode);
    use("FVM_SHADOW_TIMEOUT", strcmp(mode, "hang") == 0 ? "0.5" : "30");
    use("FVM_SHADOW_FOLLOWER_MEMORY", "300");
    int before = 0;
    for (int i = 1; i <= 3; i++) {
        use("FVM_TEST_FOLLOWER", i < 3 ? mode : "root");
        run_vector("counter", false);
        if (i < 3) {
            METRIC("follower_deaths_total", i);
            METRIC("machines_compared_total", 0);
            METRIC("differences_total", 0);
            CHECK(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD, "a process is left");
            CHECK(before == 0 || open_files(getpid()) == before, "%d files, %d before", open_files(getpid()), before);
            before = open_files(getpid());
            usleep(i == 1 ? 150000 : 250000); /* the pause before the next process: RESTART_MS, twice as long each time */
        }
    }
    METRIC("follower_starts_total", 3);
    METRIC("differences_total", 1);
    METRIC("follower_up", 1);
}

static char const *mode;

static void fail_so(void) { fail(mode); }

static char const *question;

/* A question that is not complete, or about another machine, ends the process, not the host; one that is answered ends it by the time limit. */
static void ask(void)
{
    use_bad_follower("question");
    use("FVM_TEST_QUESTION", question);
    use("FVM_SHADOW_RESTARTS", "0");
    use("FVM_SHADOW_TIMEOUT", "1");
    run_vector("counter", false);
    METRIC("follower_deaths_total", 1);
    METRIC("differences_total", 0);
    METRIC("follower_up", 0);
    run_vector("counter", false);
}

/* Blocks that a follower writes without end do not fill the host. */
static void write_much(void)
{
    use_bad_follower("write");
    use("FVM_SHADOW_MEMORY", "64");
    use("FVM_SHADOW_TIMEOUT", "3");
    run_vector("counter", false);
    METRIC("behind_total{reason=\"memory\"}", 1);
    METRIC("follower_deaths_total", 1);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    CHECK(usage.ru_maxrss < 600 << 10, "the host had %ld MiB", usage.ru_maxrss >> 10);
}

static void no_restart(void)
{
    use_bad_follower("fault");
    use("FVM_SHADOW_RESTARTS", "0");
    run_vector("counter", false);
    METRIC("follower_deaths_total", 1);
    METRIC("follower_up", 0);
    usleep(300000);
    run_vector("counter", true);
    METRIC("follower_starts_total", 1);
}

/* Killed between two machines, as by the kernel for want of memory. */
static void killed_idle(void)
{
    use("FVM_SHADOW_WAIT", "30");
    run_vector("counter", false);
    METRIC("machines_compared_total", 1);
    kill((pid_t)child_of_host(), SIGKILL);
    METRIC("follower_deaths_total", 1);
    CHECK(child_of_host() == 0, "a process is left");
    usleep(200000);
    run_vector("counter", false);
    METRIC("machines_compared_total", 2);
    METRIC("differences_total", 0);
}

/* A machine whose process is gone has none in the next one. */
static void outlived(void)
{
    use("FVM_SHADOW_WAIT", "30");
    struct vector *vector = vector_read(vectors, "counter");
    host_reset(vector);
    InnerFvmMachine_t *before = machine_of(vector, false);
    METRIC("follower_starts_total", 1);
    kill((pid_t)child_of_host(), SIGKILL);
    METRIC("follower_deaths_total", 1);
    usleep(200000);
    InnerFvmMachine_t *after = machine_of(vector, false);
    METRIC("follower_starts_total", 2);
    destroy_fvm_machine_execute_response(execute(before, &vector->messages[0]));
    drop_fvm_machine(before);
    expect_vector(after, vector, "a machine of the second process");
    drop_fvm_machine(after);
    METRIC("machines_compared_total", 1);
    METRIC("behind_total{reason=\"follower\"}", 1);
    METRIC("follower_deaths_total", 1);
    METRIC("differences_total", 0);
    vector_free(vector);
}

/* A thread of the follower that asks between two calls gets an error, and disturbs nothing. */
static void ask_late(void)
{
    use_bad_follower("late");
    struct vector *vector = vector_read(vectors, "counter");
    host_reset(vector);
    InnerFvmMachine_t *machine = machine_of(vector, false);
    for (int i = 0; i < 3; i++) {
        destroy_fvm_machine_execute_response(execute(machine, &vector->messages[0]));
        METRIC("messages_compared_total", i + 1);
        usleep(300000);
    }
    METRIC("follower_deaths_total", 0);
    drop_fvm_machine(machine);
    METRIC("machines_compared_total", 1);
    vector_free(vector);
}

static void no_library(void)
{
    use("FVM_SHADOW_FOLLOWER", "/dev/null");
    run_vector("counter", false);
    METRIC("follower_deaths_total", 1);
    METRIC("follower_up", 0);
    METRIC("differences_total", 0);
}

static int number[2];

static void leave_hanging(void)
{
    use_bad_follower("hang");
    run_vector("counter", false);
    long child = 0;
    for (int i = 0; i < 100 && child == 0; i++) {
        usleep(50000);
        child = child_of_host();
    }
    usleep(200000);
    if (write(number[1], &child, sizeof child) != (ssize_t)sizeof child) {
        abort();
    }
    _exit(0);
}

/* The end of the host, which does not say goodbye, is the end of the process, in the midst of a call. */
static void host_ends(void)
{
    long child = 0;
    CHECK(pipe2(number, O_CLOEXEC) == 0, "no pipe");
    CHECK(in_child(leave_hanging) == 0, "the host");
    CHECK(read(number[0], &child, sizeof child) == (ssize_t)sizeof child && child > 0, "no process");
    char state = 'R';
    for (int i = 0; i < 100 && state != 0 && state != 'Z'; i++) {
        usleep(50000);
        state = state_of(child);
    }
    CHECK(state == 0 || state == 'Z', "the process %ld outlives its host: %c", child, state);
}

/* The process runs where nothing else does; the thread of the host that talks to it holds locks of the leader's calls, and does not. */
static void give_way(void)
{
    use("FVM_SHADOW_WAIT", "30");
    use("FVM_SHADOW_NICE", "idle");
    int policy = sched_getscheduler(0);
    run_vector("counter", false);
    METRIC("machines_compared_total", 1);
    long child = child_of_host();
    CHECK(child > 0 && sched_getscheduler((pid_t)child) == SCHED_IDLE, "the process %ld does not give way", child);
    cpu_set_t host, its;
    CHECK(sched_getaffinity(0, sizeof host, &host) == 0 && sched_getaffinity((pid_t)child, sizeof its, &its) == 0
            && CPU_COUNT(&its) == (CPU_COUNT(&host) > 1 ? CPU_COUNT(&host) / 2 : 1), "the process %ld leaves no processor", child);
    DIR *tasks = opendir("/proc/self/task");
    struct dirent *task;
    while (tasks != NULL && (task = readdir(tasks)) != NULL) {
        CHECK(atoi(task->d_name) == 0 || sched_getscheduler(atoi(task->d_name)) == policy, "thread %s", task->d_name);
    }
    if (tasks != NULL) {
        closedir(tasks);
    }
}

void run(void)
{
    make_folder();
    use("FVM_SHADOW_PROCESS", "1");
    expect_child(agree, "a process that agrees");
    expect_child(give_way, "a process that gives way");
    expect_child(plant, "a difference");
    expect_child(verify, "proofs that the host verifies");
    static char const *const modes[] = {"fault", "abort", "exit", "hang", "grow", "garbage", "flood", "nonsense", "mute"};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        mode = modes[i];
        expect_child(fail_so, mode);
    }
    for (int kind = WIRE_GET; kind <= WIRE_PROOF; kind++) {
        /* The last one is asked for another machine. */
        static char const *const forms[] = {"%d", "%d 8 0 1 2 3 4 5", "%d 18446744073709551615 7", "%d 1 1"};
        for (int form = 0; form < 4; form++) {
            char text[100];
            snprintf(text, sizeof text, forms[form], kind + (form == 3 ? 256 : 0));
            question = text;
            expect_child(ask, question);
        }
    }
    expect_child(write_much, "a process that writes without end");
    expect_child(no_restart, "no restart");
    expect_child(killed_idle, "a process killed between calls");
    expect_child(outlived, "a machine that outlives its process");
    expect_child(ask_late, "questions between calls");
    expect_child(no_library, "no library");
    host_ends();
    rmdir(folder);
}
