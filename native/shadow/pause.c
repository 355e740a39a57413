/* When a follower in a process of its own is to wait: while a thread of the
 * host is within a call of the leader, and shortly after. A word in a page that
 * the process may only read tells it; nobody waits for the process to obey. */
#define _GNU_SOURCE
#include "wire.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 0x0010
#endif

enum { FEW_PROCESSORS = 4, HIGH_FILE = 100 };

int pause_file = -1;
static struct pause_page *page;
static atomic_llong hurries;   /* until when the process does not wait, microseconds of the monotonic clock */

long shadow_pause_default_ms(void)
{
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) < FEW_PROCESSORS ? 1 : 0;
}

/* A page that nobody else can write, shorten or reseal: it is in the process's hands as well. */
static bool make_page(void)
{
    int file = memfd_create("fvm-shadow-pause", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    /* Not one of the numbers that the process's files get. */
    pause_file = file < 0 ? -1 : fcntl(file, F_DUPFD_CLOEXEC, HIGH_FILE);
    if (file >= 0) {
        close(file);
    }
    if (pause_file < 0 || ftruncate(pause_file, PAUSE_PAGE) != 0) {
        return false;
    }
    void *mapped = mmap(NULL, PAUSE_PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, pause_file, 0);
    if (mapped == MAP_FAILED) {
        return false;
    }
    if (fcntl(pause_file, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL) != 0) {
        munmap(mapped, PAUSE_PAGE);
        return false;
    }
    page = mapped;
    return true;
}

void shadow_start_pauses(void)
{
    if (shadow_settings.pause_us > 0 && !make_page()) {
        shadow_log("the follower's process cannot be told when to wait (%m): FVM_SHADOW_PAUSE has no effect");
        if (pause_file >= 0) {
            close(pause_file);
            pause_file = -1;
        }
    }
}

/* A process that is far behind does not wait: better a slower call than a machine left behind. */
static bool keeps_up(void)
{
    return atomic_load_explicit(&shadow_waiting, memory_order_relaxed) <= shadow_settings.queue / 2
        && atomic_load_explicit(&shadow_held, memory_order_relaxed) <= (long)(shadow_settings.memory / 4 * 3);
}

void shadow_pause(int64_t now_us)
{
    if (page != NULL && now_us >= atomic_load(&hurries) && keeps_up()) {
        atomic_store(&page->until, INT64_MAX);
    }
}

void shadow_go_on(int64_t now_us)
{
    if (page != NULL) {
        atomic_store(&page->until, now_us >= atomic_load(&hurries) ? now_us + shadow_settings.pause_us : 0);
    }
}

void shadow_hurry(long ms)
{
    if (page != NULL) {
        atomic_store(&hurries, shadow_now_us() + ms * 1000);
        atomic_store(&page->until, 0);
    }
}
