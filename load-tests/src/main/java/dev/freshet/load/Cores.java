package dev.freshet.load;

/** The assignment of cores while servers are measured: one core is reserved for the server. */
public final class Cores {

    public static final int SERVER = 0;

    /** The core of the measuring program and of everything else that the server needs. */
    public static final int CLIENT = 1;

    /** Both cores, for the warm-up: with one core a JVM compiles for minutes. */
    public static final String BOTH = "0,1";

    private Cores() {}
}
