/* Out of memory: never an abort or a signal; a machine with a failed call
 * refuses all later ones; and the accepted calls have the results of an
 * undisturbed machine, up to the state root, so that no token is lost.
 *
 * The program runs itself in child processes: with limits on address space,
 * with heap limits, and with an allocator whose n-th request fails
 * (short_memory.c), warm and from the first call on; FVM_MEMORY_FAULTS is the
 * maximum n (10000), FVM_MEMORY_STEPS the number of steps (40). */
#define _GNU_SOURCE
#include "check.h"

#include <dlfcn.h>
#include <errno.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ENDED_WELL = 0, REFUSED = 10, WRONG = 20, MOST = 16 };

static struct vector *vector;

/* The state roots after each number of messages, on undisturbed machines. */
static struct bytes roots[MOST];

static void find_roots(void)
{
    for (size_t count = 0; count <= vector->message_count; count++) {
        host_reset(vector);
        InnerFvmMachine_t *machine = machine_of(vector, true);
        for (size_t i = 0; i < count; i++) {
            destroy_fvm_machine_execute_response(execute(machine, &vector->messages[i]));
        }
        Result_slice_boxed_uint8_t *root = fvm_machine_flush(machine);
        CHECK(root->status_code == 0, "an undisturbed flush");
        roots[count].len = root->value.len;
        roots[count].data = malloc(root->value.len);
        memcpy(roots[count].data, root->value.ptr, root->value.len);
        destroy_fvm_machine_flush_response(root);
        drop_fvm_machine(machine);
    }
}

static void say(char const *what, slice_boxed_uint8_t text)
{
    fprintf(stderr, "%s: %.*s\n", what, (int)text.len, (char const *)text.ptr);
}

static int wrong(char const *what)
{
    fprintf(stderr, "WRONG: %s\n", what);
    return WRONG;
}

/* Runs a vector on one machine, as far as memory allows. */
static int disturbed(void)
{
    int end = ENDED_WELL;
    host_reset(vector);
    Result_InnerFvmMachine_ptr_t *created = create(vector, true);
    if (created->status_code != 0) {
        if (created->error_msg.len == 0) {
            return wrong("no reason why there is no machine");
        }
        say("no machine", created->error_msg);
        destroy_create_fvm_machine_response(created);
        return REFUSED;
    }
    InnerFvmMachine_t *machine = created->value;
    created->value = NULL;
    destroy_create_fvm_machine_response(created);
    size_t accepted = 0;
    for (; accepted < vector->message_count && end == ENDED_WELL; accepted++) {
        struct vector_message const *message = &vector->messages[accepted];
        Result_FvmMachineExecuteResponse_t *response = execute(machine, message);
        FvmMachineExecuteResponse_t const *value = &response->value;
        if (response->status_code != 0) {
            say("no result", response->error_msg);
            end = response->error_msg.len > 0 ? REFUSED : wrong("no reason why there is no result");
            accepted--;
        } else if (value->exit_code != message->exit_code || value->gas_used != message->gas_used
            || !same(value->return_val, message->return_data) || !same(value->events_root, message->events_root)) {
            fprintf(stderr, "message %zu: exit code %lu, gas %lu: %.*s\n", accepted, (unsigned long)value->exit_code,
                (unsigned long)value->gas_used, (int)value->failure_info.len, (char const *)value->failure_info.ptr);
            end = wrong("another receipt than on an undisturbed machine");
        }
        destroy_fvm_machine_execute_response(response);
    }
    Result_slice_boxed_uint8_t *root = fvm_machine_flush(machine);
    bool goes_on = root->status_code == 0;
    if (goes_on) {
        if (end == WRONG || !same(root->value, roots[accepted])) {
            end = wrong("another state root than on an undisturbed machine");
        }
    } else {
        say("no state", root->error_msg);
        end = end == WRONG ? WRONG : root->error_msg.len > 0 ? REFUSED : wrong("no reason why there is no state");
    }
    destroy_fvm_machine_flush_response(root);
    if (end == REFUSED && !goes_on) {
        /* Whatever follows, a machine with a failed call stays refused. */
        Result_FvmMachineExecuteResponse_t *again = execute(machine, &vector->messages[0]);
        if (again->status_code == 0 && again->value.exit_code == vector->messages[0].exit_code) {
            end = wrong("a broken machine applied a message");
        }
        destroy_fvm_machine_execute_response(again);
    }
    drop_fvm_machine(machine);
    return end;
}

/* ---- In a child process */

static long (*arm)(bool on);

static int child(void)
{
    FILE *file = fopen(getenv("FVM_MEMORY_ROOTS"), "rb");
    for (size_t i = 0; file != NULL && i <= vector->message_count; i++) {
        roots[i].data = malloc(256);
        int length = fgetc(file);
        roots[i].len = length > 0 ? fread(roots[i].data, 1, (size_t)length, file) : 0;
    }
    if (file == NULL) {
        return WRONG;
    }
    fclose(file);
    if (arm != NULL) {
        /* All code is prepared, and all threads exist. */
        if (getenv("FVM_MEMORY_COLD") == NULL && disturbed() != ENDED_WELL) {
            return wrong("the undisturbed run before");
        }
        arm(true);
    }
    int end = disturbed();
    if (arm != NULL) {
        fprintf(stderr, "requests: %ld\n", arm(false));
        /* With memory available again, no shared state is corrupt; but a start that failed for good stays failed. */
        int after = disturbed();
        if (after == WRONG || (after != ENDED_WELL && getenv("FVM_MEMORY_COLD") == NULL)) {
            return wrong("a new machine after memory came back");
        }
    }
    return end;
}

/* ---- The child processes */

static char const *program, *folder, *preload;

struct run {
    char const *what;
    char const *names[6], *values[6];
    rlim_t addresses; /* bytes of RLIMIT_AS; 0 for no limit */
    rlim_t data;      /* bytes of RLIMIT_DATA, which counts the same as vm.overcommit_memory=2: private writable mappings */
};

static int refused, accepted_all;
static long last_requests;

static void run_child(struct run const *run)
{
    char log[] = "/tmp/fvm-memory-XXXXXX";
    int file = mkstemp(log);
    pid_t process = fork();
    if (process == 0) {
        for (int i = 0; i < 6 && run->names[i] != NULL; i++) {
            setenv(run->names[i], run->values[i], 1);
        }
        struct rlimit limit = {run->addresses, run->addresses}, no_core = {0, 0};
        setrlimit(RLIMIT_CORE, &no_core);
        if (run->addresses != 0) {
            setrlimit(RLIMIT_AS, &limit);
        }
        if (run->data != 0) {
            limit = (struct rlimit){run->data, run->data};
            setrlimit(RLIMIT_DATA, &limit);
        }
        setenv("FVM_MEMORY_CHILD", "1", 1);
        dup2(file, 2);
        dup2(file, 1);
        alarm(120);
        execl(program, program, folder, (char *)NULL);
        _exit(127);
    }
    int status = 0;
    waitpid(process, &status, 0);
    char text[4096];
    lseek(file, 0, SEEK_SET);
    ssize_t length = read(file, text, sizeof text - 1);
    text[length > 0 ? length : 0] = '\0';
    close(file);
    unlink(log);
    bool good = WIFEXITED(status) && (WEXITSTATUS(status) == ENDED_WELL || WEXITSTATUS(status) == REFUSED);
    CHECK(good, "%s: status %x: %s", run->what, (unsigned)status, text);
    refused += good && WEXITSTATUS(status) == REFUSED;
    accepted_all += good && WEXITSTATUS(status) == ENDED_WELL;
    char const *requests = strstr(text, "requests: ");
    last_requests = requests != NULL ? atol(requests + 10) : 0;
}

static void with_limits(void)
{
    static int const gigabytes[] = {1, 2, 3, 4, 6, 8, 12, 16, 32, 64, 100, 300};
    static char const *const engines[] = {"compiler", "interpreter"};
    for (size_t e = 0; e < 2; e++) {
        for (size_t i = 0; i < sizeof gigabytes / sizeof *gigabytes; i++) {
            char what[64];
            snprintf(what, sizeof what, "ulimit -v %d GB, %s", gigabytes[i], engines[e]);
            run_child(&(struct run){what, {"FVM_ENGINE"}, {engines[e]}, (rlim_t)gigabytes[i] * 1000000000u, 0});
        }
        for (rlim_t megabytes = 20; megabytes <= 2000; megabytes = megabytes * 3 / 2) {
            char what[64];
            snprintf(what, sizeof what, "ulimit -d %lu MB, %s", (unsigned long)megabytes, engines[e]);
            run_child(&(struct run){what, {"FVM_ENGINE"}, {engines[e]}, 0, megabytes * 1000000u});
        }
    }
    CHECK(refused > 0 && accepted_all > 0, "limits: %d refused, %d accepted", refused, accepted_all);
    static char const *const heaps[][2] = {{"DOTNET_GCHeapHardLimit", "1000000"}, {"DOTNET_GCHeapHardLimit", "2000000"},
        {"DOTNET_GCHeapHardLimit", "4000000"}, {"DOTNET_GCHeapHardLimit", "20000000"}, {"FVM_HEAP_MIB", "16"}, {"FVM_HEAP_MIB", "32"},
        {"FVM_HEAP_MIB", "64"}, {"FVM_HEAP_MIB", "1024"}};
    for (size_t i = 0; i < sizeof heaps / sizeof *heaps; i++) {
        char what[64];
        snprintf(what, sizeof what, "%s=%s", heaps[i][0], heaps[i][1]);
        run_child(&(struct run){what, {heaps[i][0]}, {heaps[i][1]}, 0, 0});
    }
}

static void with_faults(bool all, bool cold)
{
    char const *most_text = getenv("FVM_MEMORY_FAULTS"), *steps_text = getenv("FVM_MEMORY_STEPS");
    long most = most_text != NULL ? atol(most_text) : 10000, steps = steps_text != NULL ? atol(steps_text) : 40, met = 0;
    refused = accepted_all = 0;

    /* With all code prepared and all threads started, a vector makes few requests. */
    most = cold || most < 300 ? most : 300;
    for (long step = 0; step < steps; step++) {
        /* Denser among the first requests. */
        long n = 1 + (long)((double)most * step * step / ((double)steps * steps));
        n = n <= step ? step + 1 : n;
        char number[24], what[64];
        snprintf(number, sizeof number, "%ld", n);
        snprintf(what, sizeof what, "%s, request %ld%s fails", cold ? "cold" : "warm", n, all ? " and all after it" : "");
        run_child(&(struct run){what, {"LD_PRELOAD", "SHORT_MEMORY_AT", "SHORT_MEMORY_ARMED", all ? "SHORT_MEMORY_ALL" : "_",
            cold ? "FVM_MEMORY_COLD" : "_"}, {preload, number, "1", "1", "1"}, 0, 0});
        met += last_requests >= n;
    }
    /* A single failing request may be served by the reserve, but not all of them. */
    CHECK(met > 0 && (!all || refused > 0), "%s: %ld met a request that failed, %d noticed", cold ? "cold" : "warm", met, refused);
}

void run(void)
{
    setenv("LOTUS_FVM_CONCURRENCY", "1", 1);
    setenv("FVM_PROOFS", "optional", 1);
    setenv("FVM_CACHE", "off", 1);
    vector = vector_read(vectors, "chain");
    if (getenv("FVM_MEMORY_CHILD") != NULL) {
        *(void **)&arm = dlsym(RTLD_DEFAULT, "short_memory_arm");
        exit(child());
    }
    static char self[4096], roots_file[] = "/tmp/fvm-roots-XXXXXX";
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    program = length > 0 ? self : "";
    folder = vectors;
    preload = getenv("FVM_SHORT_MEMORY");
    find_roots();
    int file = mkstemp(roots_file);
    for (size_t i = 0; i <= vector->message_count; i++) {
        uint8_t size = (uint8_t)roots[i].len;
        CHECK(write(file, &size, 1) == 1 && write(file, roots[i].data, size) == size, "the roots are kept");
    }
    close(file);
    setenv("FVM_MEMORY_ROOTS", roots_file, 1);
    with_limits();
    CHECK(preload != NULL, "FVM_SHORT_MEMORY names the library of native/tests/short_memory.c");
    if (preload != NULL) {
        with_faults(false, false);
        with_faults(false, true);
        with_faults(true, false);
        with_faults(true, true);
    }
    unlink(roots_file);
    vector_free(vector);
}
