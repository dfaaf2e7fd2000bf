package dev.freshet.delivery.websub;

import dev.freshet.platform.outbound.OutboundAddress;
import dev.freshet.platform.problem.Problem;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;

/**
 * A request to the hub (WebSub, section 5.1). Parameters that the specification does not name are ignored.
 *
 * @param mode subscribe or unsubscribe
 * @param lease the lifetime that the hub grants
 * @param secret null for content without signatures
 */
record HubRequest(
        Mode mode,
        String topic,
        URI callback,
        Duration lease,
        @Nullable String secret) {

    private static final Duration DEFAULT_LEASE = Duration.ofDays(10);
    private static final Duration MIN_LEASE = Duration.ofMinutes(5);
    private static final Duration MAX_LEASE = Duration.ofDays(30);
    private static final int MAX_ADDRESS_LENGTH = 2000;
    private static final int MAX_SECRET_BYTES = 199;

    /** The modes of a request. */
    enum Mode {
        SUBSCRIBE,
        UNSUBSCRIBE
    }

    /** Parses the form of a request; throws the problem to report if it is invalid. */
    static HubRequest parse(MultiValueMap<String, String> form) {
        var mode = switch (value(form, "hub.mode")) {
            case "subscribe" -> Mode.SUBSCRIBE;
            case "unsubscribe" -> Mode.UNSUBSCRIBE;
            default -> throw Problem.INVALID_REQUEST.because("hub.mode must be subscribe or unsubscribe.");
        };
        var topic = address(form, "hub.topic");
        var callback = OutboundAddress.parse("hub.callback", address(form, "hub.callback"));
        var secret = form.getFirst("hub.secret");
        if (secret != null && secret.getBytes(StandardCharsets.UTF_8).length > MAX_SECRET_BYTES) {
            throw Problem.INVALID_REQUEST.because("hub.secret must have less than 200 bytes.");
        }
        return new HubRequest(
                mode, topic, callback, lease(form.getFirst("hub.lease_seconds")), "".equals(secret) ? null : secret);
    }

    private static String address(MultiValueMap<String, String> form, String name) {
        var address = value(form, name);
        if (address.isEmpty() || address.length() > MAX_ADDRESS_LENGTH) {
            throw Problem.INVALID_REQUEST.because(
                    name + " must be an address of at most " + MAX_ADDRESS_LENGTH + " characters.");
        }
        return address;
    }

    private static String value(MultiValueMap<String, String> form, String name) {
        var value = form.getFirst(name);
        return value == null ? "" : value.strip();
    }

    private static Duration lease(@Nullable String seconds) {
        if (seconds == null || seconds.isBlank()) {
            return DEFAULT_LEASE;
        }
        try {
            var requested = Duration.ofSeconds(Long.parseLong(seconds.strip()));
            return requested.compareTo(MIN_LEASE) < 0
                    ? MIN_LEASE
                    : requested.compareTo(MAX_LEASE) > 0 ? MAX_LEASE : requested;
        } catch (NumberFormatException | ArithmeticException e) {
            throw Problem.INVALID_REQUEST.because("hub.lease_seconds must be a number of seconds.");
        }
    }
}
