package dev.freshet.platform.problem;

/**
 * A fault of one field of a request.
 *
 * @param field the path in the JSON such as {@code tags[2]}, a parameter or a header
 * @param message the fault, to follow the field's name in a sentence
 */
public record Invalid(String field, String message) {

    @Override
    public String toString() {
        return field + " " + message;
    }
}
