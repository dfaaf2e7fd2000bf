package dev.freshet.load.guard;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Compares the times that the generator measured with the server's own histograms. The difference is explained by the
 * parts that only one side sees; a rest beyond them is shown.
 *
 * @param server the upper bound of the bucket of the server's histogram
 * @param network the same percentile of the bare handler: network, kernel and generator
 * @param publishing the time of the request that publishes the event, for deliveries
 * @param rest the time that no part explains; 0 if none
 */
record Beside(
        String operation,
        double percentile,
        double generator,
        double server,
        double network,
        double publishing,
        double rest) {

    private static final List<Double> COMPARED = List.of(50.0, 95.0, 99.0);

    /** The server's histograms, by the operations of the generator. */
    private static final Map<String, String> HISTOGRAMS =
            Map.of("page", "freshet_page", "http2", "freshet_page", Ledger.DELIVERY, "freshet_delivery");

    /** Compares all operations that both sides measure. */
    static List<Beside> of(Measured measured, Map<String, Map<Double, Double>> server) {
        var operations = measured.operations();
        var compared = new ArrayList<Beside>();
        HISTOGRAMS.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(pair -> {
            var seen = operations.get(pair.getKey());
            var own = server.getOrDefault(pair.getValue(), Map.of());
            if (seen != null && seen.count() > 0) {
                for (var percentile : COMPARED) {
                    var bound = own.get(percentile);
                    if (bound != null) {
                        compared.add(of(pair.getKey(), percentile, seen, bound, operations));
                    }
                }
            }
        });
        return compared;
    }

    private static Beside of(
            String operation, double percentile, Series seen, double bound, Map<String, Series> operations) {
        var generator = seen.percentile(percentile);
        var network = percentile(operations, Measured.BARE, percentile);
        var publishing = operation.equals(Ledger.DELIVERY) ? percentile(operations, "publish", percentile) : 0;
        return new Beside(
                operation,
                percentile,
                generator,
                bound,
                network,
                publishing,
                Math.max(0, generator - bound - network - publishing));
    }

    private static double percentile(Map<String, Series> operations, String operation, double percentile) {
        var series = operations.get(operation);
        return series == null || series.count() == 0 ? 0 : series.percentile(percentile);
    }

    /** Returns the explanation of the difference. */
    String explanation() {
        if (rest == 0) {
            return "explained by the network" + (publishing > 0 ? " and the request that publishes" : "");
        }
        return operation.equals(Ledger.DELIVERY)
                ? "beyond the network: events wait in the sockets and for the generator's event loop after the server wrote them"
                : "beyond the network: requests wait for a connection, in the sockets and for an event loop before the server"
                        + " looks for the page, and the response is written after it";
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "beside the server's histogram: %s p%s %.3g ms; server ≤ %.3g ms, network %.3g ms%s; rest %.3g ms, %s",
                operation,
                percentile == Math.rint(percentile) ? Long.toString((long) percentile) : Double.toString(percentile),
                generator,
                server,
                network,
                publishing > 0 ? String.format(Locale.ROOT, ", publishing %.3g ms", publishing) : "",
                rest,
                explanation());
    }
}
