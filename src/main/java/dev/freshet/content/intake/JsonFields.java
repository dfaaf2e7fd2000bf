package dev.freshet.content.intake;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The fields of a JSON object, each of its one type: a number is not taken for text. Null is as good as absent. */
record JsonFields(JsonNode object) {

    static JsonFields of(String name, JsonNode node) {
        if (!node.isObject()) {
            throw new UnreadableEntryException(name + " must be an object, but is " + type(node));
        }
        return new JsonFields(node);
    }

    @Nullable
    String text(String name) {
        var node = object.path(name);
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        return text(name, node);
    }

    @Nullable
    List<String> texts(String name) {
        var node = object.path(name);
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        var texts = new ArrayList<String>();
        for (var element : array(name, node)) {
            texts.add(text("an element of " + name, element));
        }
        return texts;
    }

    List<JsonFields> objects(String name) {
        var node = object.path(name);
        if (node.isMissingNode() || node.isNull()) {
            return List.of();
        }
        var objects = new ArrayList<JsonFields>();
        for (var element : array(name, node)) {
            objects.add(of("an element of " + name, element));
        }
        return objects;
    }

    @Nullable
    Instant time(String name) {
        var text = text(name);
        if (text == null) {
            return null;
        }
        try {
            var time = OffsetDateTime.parse(text);
            if (time.getYear() >= 1 && time.getYear() <= 9999) {
                return time.toInstant();
            }
        } catch (DateTimeException e) {
            // Said below.
        }
        throw new UnreadableEntryException(name + " must be a time such as 2026-01-31T12:00:00Z, but is " + text);
    }

    static Iterable<JsonNode> array(String name, JsonNode node) {
        if (!node.isArray()) {
            throw new UnreadableEntryException(name + " must be an array, but is " + type(node));
        }
        return node;
    }

    private static String text(String name, JsonNode node) {
        if (!node.isString()) {
            throw new UnreadableEntryException(name + " must be text, but is " + type(node));
        }
        return node.stringValue();
    }

    private static String type(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "an array";
            case OBJECT, POJO -> "an object";
            case BOOLEAN -> "a boolean";
            case NUMBER -> "a number";
            case STRING, BINARY -> "text";
            case NULL, MISSING -> "nothing";
        };
    }
}
