// Publishes an article once, however often the connection fails: java Publish.java TITLE
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

class Publish {

    static final String SERVER = System.getenv().getOrDefault("FRESHET_URL", "http://localhost:8080");

    /** Opens a request to the articles. The server sends a comment every 15 seconds. */
    static HttpURLConnection open(String query) throws IOException {
        var connection = (HttpURLConnection) URI.create(SERVER + "/api/v1/articles" + query).toURL().openConnection();
        connection.setConnectTimeout(10_000);
        connection.setReadTimeout(45_000);
        var token = System.getenv("FRESHET_TOKEN");
        if (token != null) {
            connection.setRequestProperty("Authorization", "Bearer " + token);
        }
        return connection;
    }

    /** Returns the response. Ends the program if another attempt cannot succeed. */
    static BufferedReader response(HttpURLConnection connection) throws IOException {
        var status = connection.getResponseCode();
        if (status >= 400 && status < 500 && status != 429) {
            System.err.println(new String(connection.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
            System.exit(1);
        }
        return new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
    }

    static long retryAfter(HttpURLConnection connection) {
        return 1000L * Math.max(1, connection.getHeaderFieldInt("Retry-After", 1));
    }

    public static void main(String[] arguments) throws Exception {
        var key = UUID.randomUUID().toString();
        for (var attempt = 1; attempt <= 10; attempt++) {
            var connection = open("");
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", "application/json");
            connection.setRequestProperty("Idempotency-Key", key);
            var escaped = arguments[0].replace("\\", "\\\\").replace("\"", "\\\"");
            try {
                connection.getOutputStream().write(("{\"title\":\"" + escaped + "\",\"status\":\"published\"}")
                        .getBytes(StandardCharsets.UTF_8));
                response(connection).lines().forEach(System.out::println);
                return;
            } catch (IOException e) {
                Thread.sleep(retryAfter(connection));
            }
        }
        System.exit(1);
    }
}
