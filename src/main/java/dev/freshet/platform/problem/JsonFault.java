package dev.freshet.platform.problem;

import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;

/** What is wrong with JSON, for whoever sent it: what its reader says of itself is left out. */
public final class JsonFault {

    private JsonFault() {}

    /** The fault as a part of a sentence, and where it is. */
    public static String told(JacksonException error) {
        return what(error) + place(error);
    }

    private static String what(JacksonException error) {
        var message = String.valueOf(error.getOriginalMessage());
        return switch (error) {
            case StreamConstraintsException ignored ->
                "it is nested too deeply, or has a name, a number or a text that is too long";
            case UnexpectedEndOfInputException ignored -> "it ends too early";
            // Between backticks are names of its own classes and settings.
            case StreamReadException ignored ->
                message.indexOf('`') < 0 ? message : "there is something that doesn't belong there";
            default -> "there is something that doesn't belong there";
        };
    }

    private static String place(JacksonException error) {
        var location = error.getLocation();
        return location == null || location.getLineNr() < 1
                ? ""
                : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }
}
