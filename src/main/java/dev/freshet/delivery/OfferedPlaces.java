package dev.freshet.delivery;

import dev.freshet.identity.account.Role;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Places at message brokers that the operator offers to subscriptions, such as a topic of a cluster. Subscriptions name a broker
 * and never an address, so that they reach no other systems of the operator.
 *
 * @param <C> a connection to a broker
 */
public final class OfferedPlaces<C> {

    private final String broker;
    private final String place;
    private final String setting;
    private final Map<String, Offer<C>> offers = new TreeMap<>();

    /**
     * A broker.
     *
     * @param places the names of its places
     * @param role the role that an account needs
     */
    public record Offer<C>(List<String> places, Role role, C connection) {}

    /**
     * Starts without an offer.
     *
     * @param broker the field that names the broker, and its name in messages
     * @param place the field that names the place, and its name in messages
     * @param setting the setting with the brokers
     */
    public OfferedPlaces(String broker, String place, String setting) {
        this.broker = broker;
        this.place = place;
        this.setting = setting;
    }

    /** Adds a broker. */
    public void add(String name, Offer<C> offer) {
        offers.put(name, offer);
    }

    /** Returns the broker and the place that a request names, or the only broker. Throws the problem to report if there is none. */
    public ObjectNode settings(TargetFields fields) {
        if (offers.isEmpty()) {
            throw TargetFields.invalid(
                    "type", "needs " + article(broker) + ", which the operator sets (" + setting + ")");
        }
        var only = offers.size() == 1 ? offers.keySet().iterator().next() : "";
        var name = fields.text(broker, only);
        var offer = offers.get(name);
        if (offer == null) {
            throw TargetFields.invalid(broker, "is not " + article(broker) + " that the operator offers");
        }
        var wanted = fields.text(place, "");
        if (!offer.places().contains(wanted)) {
            throw TargetFields.invalid(place, "is not " + article(place) + " that the operator offers");
        }
        return JsonNodeFactory.instance.objectNode().put(broker, name).put(place, wanted);
    }

    private static String article(String noun) {
        return (noun.startsWith("e") ? "an " : "a ") + noun;
    }

    /** Returns the role that an account needs; admin for a broker that is no longer offered. */
    public Role requiredRole(JsonNode target) {
        var offer = offers.get(target.path(broker).asString());
        return offer == null ? Role.ADMIN : offer.role();
    }

    /** Delivers to the place of a target. The operator may offer it no longer, which is a failure. */
    public Mono<Outcome> use(Target target, BiFunction<C, String, Mono<Outcome>> delivery) {
        var name = target.settings().path(broker).asString();
        var wanted = target.settings().path(place).asString();
        var offer = offers.get(name);
        return offer != null && offer.places().contains(wanted)
                ? delivery.apply(offer.connection(), wanted)
                : Mono.just(new Outcome.Failed(
                        "The operator no longer offers the " + place + " " + wanted + " of the " + broker + " " + name
                                + ".",
                        null));
    }

    /** Calls a function with each connection. */
    public void forEach(Consumer<C> action) {
        offers.values().forEach(offer -> action.accept(offer.connection()));
    }
}
