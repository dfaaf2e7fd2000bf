package dev.freshet.platform.problem;

import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Describes a JSON fault for the client, without internals of the parser. */
public final class JsonFault {

    private static final int MAX_QUOTED_LENGTH = 50;

    private JsonFault() {}

    /** Returns the fault as a part of a sentence, with its place. */
    public static String describe(JacksonException error) {
        return reason(error) + place(error);
    }

    /** Returns the path of the faulty field, such as {@code tags[2]}; {@code content} for the whole value. */
    public static String path(JacksonException error) {
        var path = new StringBuilder();
        for (var reference : error.getPath()) {
            if (reference.getPropertyName() == null) {
                path.append('[').append(reference.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(reference.getPropertyName());
            }
        }
        return path.isEmpty() ? "content" : path.toString();
    }

    /** Returns the fault of an unknown field as a part of a sentence, with the known fields. */
    public static String unknownField(UnrecognizedPropertyException unknown) {
        var ids = unknown.getKnownPropertyIds();
        var known = ids == null
                ? "none"
                : ids.stream().map(Object::toString).sorted().collect(Collectors.joining(", "));
        return "is not a field of this request; known fields are " + known;
    }

    /** Returns a value of the client in quotes, at most 50 characters of it. */
    public static String quote(@Nullable Object value) {
        var text = String.valueOf(value);
        var length = Math.min(text.length(), MAX_QUOTED_LENGTH);
        var end = length < text.length() && Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
        return '"' + text.substring(0, end) + (end < text.length() ? "…" : "") + '"';
    }

    private static String reason(JacksonException error) {
        var message = String.valueOf(error.getOriginalMessage());
        return switch (error) {
            case StreamConstraintsException ignored ->
                "it is nested too deeply, or a name, a number or a text in it is too long";
            case UnexpectedEndOfInputException ignored -> "it ends too early";
            // Backticks enclose names of classes and settings.
            case StreamReadException ignored ->
                message.indexOf('`') < 0 ? message : "it has an unexpected character or value";
            default -> "it has an unexpected character or value";
        };
    }

    private static String place(JacksonException error) {
        var location = error.getLocation();
        return location == null || location.getLineNr() < 1
                ? ""
                : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }
}
