package dev.freshet.load;

/** Which core is whose, where servers are measured: one is the server's alone. */
public final class Cores {

    public static final int SERVER = 0;

    /** Of the program that measures, and of all that the server needs besides. */
    public static final int CLIENT = 1;

    /** A JVM compiles what it runs, for minutes if it has but one core for that. */
    public static final String BOTH = "0,1";

    private Cores() {}
}
