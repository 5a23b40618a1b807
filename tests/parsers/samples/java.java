/* A pool of connections: the sample for Java. */
package com.example.pool;

import java.util.function.*;

/** Holds connections. */
@SuppressWarnings("unchecked")
public final class Pool<T extends Closeable> implements Iterable<T> {
    static { System.loadLibrary("pool"); }

    /** Doubles. */
    private static final Function<Integer, Integer> TWICE = n -> n * 2;
    private int size, free = 0;

    /**
     * Makes a pool.
     *
     * @param size how many
     */
    public Pool(int size) throws IOException {
        this.size = size;
    }

    /** Gives one out. */
    // NOPMD
    @Override
    @Deprecated(since = "2", forRemoval = true) // soon
    public synchronized <K> T get(final @NonNull K key, int... more) throws IOException, Timeout {
        Runnable log = () -> System.out.println(key);
        new Thread(new Runnable() {
            @Override public void run() { log.run(); }
        });
        class Local { void inside() {} }
        return null;
    }

    abstract void evict();
    native int count();

    public interface Listener {
        /** Called when one is given back. */
        void onClose(String reason);
        default void onOpen() {}
        static Listener none() { return null; }
        private void hidden() {}
    }

    enum State {
        FREE { @Override boolean usable() { return true; } },
        BUSY;
        boolean usable() { return false; }
    }

    record Lease(String key, long until) {
        Lease {
            if (until < 0) throw new IllegalArgumentException();
        }
        Lease(String key) { this(key, 0L); }
        static int total() { return 0; }
    }

    @interface Limit {
        int value() default 1;
        String[] names();
    }

    enum Operator {
        PLUS("+");
        final Runnable check = (Runnable & Serializable) () -> {};
        Operator(String sign) { this.onUse = used -> {}; }
        { prepare(); }
    }

    static { Runnable early = () -> {}; }

    /** Documented from above a blank line. */

    @Test void opens() {}

    class Inner {
        class Deep { void dive() {} }
        Inner() {}
    }
}

class Größe { int zähle(String wörter) { return wörter.length(); } }
