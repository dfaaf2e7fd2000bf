package dev.freshet.platform.launch;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** Starts the program if Java is new enough, and otherwise reports that it is too old. */
public final class Launcher {

    private static final int MIN_JAVA_VERSION = 25;

    private Launcher() {}

    /** Runs {@code dev.freshet.FreshetApplication}, or exits with code 1 and one line on the standard error. */
    public static void main(String[] args) throws Throwable {
        int version = Runtime.version().feature();
        if (version < MIN_JAVA_VERSION) {
            System.err.println("Freshet can't start. It needs Java " + MIN_JAVA_VERSION + " or newer and this is Java "
                    + version + " (" + System.getProperty("java.home") + "). Start it with the java of a newer JDK.");
            System.exit(1);
        }
        exitNormallyOnSigterm();
        try {
            Class.forName("dev.freshet.FreshetApplication")
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /**
     * Exits with 0 on SIGTERM, for which the JVM would exit with 143. Uses reflection, since the compiler warns about
     * the signal class.
     */
    private static void exitNormallyOnSigterm() throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        Object exit = Proxy.newProxyInstance(
                Launcher.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                    System.exit(0);
                    return null;
                });
        signal.getMethod("handle", signal, handler)
                .invoke(null, signal.getConstructor(String.class).newInstance("TERM"), exit);
    }
}
