// Receives webhooks, and prints each event once: java Receive.java KEY_FILE PORT
// KEY_FILE has the key of the subscription.
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

class Receive {

    private static String last = "";

    public static void main(String[] arguments) throws IOException {
        var file = Path.of(arguments[0]);
        var port = Integer.parseInt(arguments[1]);
        var server = HttpServer.create(new InetSocketAddress("localhost", port), 0);
        server.createContext("/", exchange -> {
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var answer = body.contains("\"type\":\"subscription.challenge\"") ? value(body, "challenge") : "";
            var status = 200;
            if (answer.isEmpty() && !isSigned(exchange.getRequestHeaders(), body, Files.readString(file).strip())) {
                status = 401;
            } else if (answer.isEmpty()) {
                // An event may arrive again. Its sequence shows that. Events of a subscription arrive one at a time.
                var sequence = value(body, "sequence");
                if (sequence.isEmpty() || sequence.compareTo(last) > 0) {
                    System.out.println(body);
                    last = sequence;
                }
            }
            exchange.sendResponseHeaders(status, answer.isEmpty() ? -1 : answer.length());
            exchange.getResponseBody().write(answer.getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
        server.start();
    }

    /** Returns a text of a JSON object, without a parser. A program with one uses that. */
    static String value(String json, String name) {
        var found = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(json);
        return found.find() ? found.group(1) : "";
    }

    static boolean isSigned(Headers headers, String body, String key) {
        try {
            var time = headers.getFirst("webhook-timestamp");
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(key.replace("whsec_", "")), "HmacSHA256"));
            var message = headers.getFirst("webhook-id") + "." + time + "." + body;
            var digest = mac.doFinal(message.getBytes(StandardCharsets.UTF_8));
            var expected = ("v1," + Base64.getEncoder().encodeToString(digest)).getBytes(StandardCharsets.UTF_8);
            return Math.abs(System.currentTimeMillis() / 1000 - Long.parseLong(time)) < 300
                    && Arrays.stream(headers.getFirst("webhook-signature").split(" "))
                            .anyMatch(each -> MessageDigest.isEqual(expected, each.getBytes(StandardCharsets.UTF_8)));
        } catch (Exception e) {
            return false;
        }
    }
}
