package dev.freshet.load;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures the use of processor time by a server, its companions and this program, from construction until the stop.
 */
public final class Meter {

    private final List<Long> servers;
    private final List<Long> others;
    private final long begin = System.nanoTime();
    private final double serverBefore;
    private final double othersBefore;
    private final double clientBefore;

    public Meter(List<Long> servers, List<Long> others) {
        this.servers = List.copyOf(servers);
        this.others = List.copyOf(others);
        this.serverBefore = server();
        this.othersBefore = Usage.cpuSecondsWithEnded(others);
        this.clientBefore = client();
    }

    /** Returns what was used. Fails if a server has ended. */
    public Used stop() {
        return new Used(
                (System.nanoTime() - begin) / 1e9,
                server() - serverBefore,
                Usage.cpuSecondsWithEnded(others) - othersBefore,
                client() - clientBefore);
    }

    private double server() {
        // A process that has ended takes no time, which must not look like a result.
        if (!servers.stream().allMatch(process -> ProcessHandle.of(process).isPresent())) {
            throw new IllegalStateException("A measured server has ended; its log says why");
        }
        return Usage.cpuSeconds(servers);
    }

    private static double client() {
        return Usage.cpuSeconds(List.of(ProcessHandle.current().pid()));
    }

    /** Elapsed time and the processor time used within it. */
    public record Used(double seconds, double serverSeconds, double othersSeconds, double clientSeconds) {

        /**
         * Returns the figures that every measurement has.
         *
         * @param count number of operations
         * @param one name of one operation, for example {@code request}
         * @param many its plural
         */
        public Map<String, Double> figures(long count, String one, String many) {
            var figures = new LinkedHashMap<String, Double>();
            figures.put("server CPU µs/" + one, serverSeconds * 1e6 / count);
            figures.put(many + "/s", count / seconds);
            figures.put("server busy %", 100 * serverSeconds / seconds);
            figures.put("client busy %", 100 * clientSeconds / seconds);
            figures.put("others busy %", 100 * othersSeconds / seconds);
            return figures;
        }
    }
}
