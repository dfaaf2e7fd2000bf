package dev.freshet.platform;

import org.jspecify.annotations.Nullable;

/** A failure to start that the user can fix, reported as one line without a stack trace. */
public final class StartupFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates a failure.
     *
     * @param what the problem, a whole sentence
     * @param remedy the fix, a whole sentence
     */
    public StartupFailure(String what, String remedy) {
        this(what, remedy, null);
    }

    /**
     * Creates a failure with a cause.
     *
     * @param what the problem, a whole sentence
     * @param remedy the fix, a whole sentence
     * @param cause the error that revealed it
     */
    public StartupFailure(String what, String remedy, @Nullable Throwable cause) {
        super(what + " " + remedy, cause);
    }
}
