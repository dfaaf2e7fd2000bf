package dev.freshet.platform;

import org.jspecify.annotations.Nullable;

/** A reason why the program can't start, told to the user as one line and without a stack trace. */
public final class StartupFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * @param what what is wrong, a whole sentence
     * @param remedy how the user puts it right, a whole sentence
     */
    public StartupFailure(String what, String remedy) {
        this(what, remedy, null);
    }

    /**
     * @param what what is wrong, a whole sentence
     * @param remedy how the user puts it right, a whole sentence
     * @param cause what made it known
     */
    public StartupFailure(String what, String remedy, @Nullable Throwable cause) {
        super(what + " " + remedy, cause);
    }
}
