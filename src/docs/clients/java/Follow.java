// Prints the events of a feed: java Follow.java FILE [QUERY]
// FILE stores the position, from which the next run continues.
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;

class Follow {

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
        var file = Path.of(arguments[0]);
        var query = arguments.length > 1 ? arguments[1] : "since=earliest";
        while (true) {
            var connection = open("?" + query);
            connection.setRequestProperty("Accept", "text/event-stream");
            if (Files.exists(file)) {
                connection.setRequestProperty("Last-Event-ID", Files.readString(file));
            }
            var pause = 0L;
            try (var lines = response(connection)) {
                var event = new HashMap<String, String>();
                for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (!line.isEmpty()) {
                        var colon = line.indexOf(':');
                        event.put(line.substring(0, colon), line.substring(colon + 1).strip());
                        continue;
                    }
                    var name = event.getOrDefault("event", "");
                    if (name.startsWith("article.") || name.equals("reset")) {
                        System.out.println(event.get("data"));
                    }
                    if (event.containsKey("id")) {
                        var next = Files.writeString(Path.of(file + ".new"), event.get("id"));
                        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
                    }
                    pause = Long.parseLong(event.getOrDefault("retry", Long.toString(pause)));
                    event.clear();
                }
            } catch (IOException e) {
                System.err.println("Reconnecting: " + e.getMessage());
            }
            Thread.sleep(pause > 0 ? pause : retryAfter(connection));
        }
    }
}
