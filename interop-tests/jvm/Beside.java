import java.util.concurrent.atomic.AtomicLong;

/**
 * The library in a Java virtual machine: threads dereference null, which the machine's own handler of SIGSEGV makes exceptions, and collect garbage,
 * for which it stops threads by the same signal, while others execute messages whose actors trap by guard pages.
 *
 *     java -Djava.library.path=FOLDER Beside.java SECONDS VECTORS
 *
 * The last line is `N passed, N failed, N skipped`.
 */
public final class Beside {
    private static final class Node {
        Node next;
        int value;
    }

    private static Node nothing;
    private static volatile boolean stopped;

    public static void main(String[] args) throws InterruptedException {
        System.loadLibrary("beside");
        AtomicLong caught = new AtomicLong();
        AtomicLong runs = new AtomicLong();
        AtomicLong failures = new AtomicLong();
        prepare(args[1]);
        boolean guarded = hasGuardPages();
        Thread[] threads = new Thread[7];
        for (int i = 0; i < threads.length; i++) {
            int number = i;
            threads[i] = new Thread(() -> {
                while (!stopped) {
                    if (number < 3) {
                        failures.set(Math.max(failures.get(), fail()));
                        runs.incrementAndGet();
                    } else {
                        caught.addAndGet(dereference(1000));
                        if (number == 3) {
                            System.gc();
                        }
                    }
                }
            });
            threads[i].start();
        }
        Thread.sleep(1000L * Integer.parseInt(args[0]));
        stopped = true;
        for (Thread thread : threads) {
            thread.join();
        }
        boolean stillGuarded = hasGuardPages();
        System.out.printf("%d runs of messages with %d failed checks, %d null pointers caught, guard pages %s%n",
            runs.get(), failures.get(), caught.get(), guarded && stillGuarded);
        boolean good = failures.get() == 0 && runs.get() > 0 && caught.get() > 0 && guarded && stillGuarded;
        System.out.println(good ? "1 passed, 0 failed, 0 skipped" : "0 passed, 1 failed, 0 skipped");
        System.exit(good ? 0 : 1);
    }

    private static int dereference(int times) {
        int caught = 0;
        byte[][] garbage = new byte[16][];
        for (int i = 0; i < times; i++) {
            garbage[i % garbage.length] = new byte[1000];
            try {
                nothing.value = i;
            } catch (NullPointerException expected) {
                caught++;
            }
        }
        return caught;
    }

    private static native void prepare(String vectors);

    private static native boolean hasGuardPages();

    private static native int fail();
}
