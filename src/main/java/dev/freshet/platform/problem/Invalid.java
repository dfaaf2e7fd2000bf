package dev.freshet.platform.problem;

/**
 * One thing that is wrong with a request.
 *
 * @param field where: a field's path in the JSON such as {@code tags[2]}, a parameter or a header
 * @param message what is wrong with it, to follow the field's name in a sentence
 */
public record Invalid(String field, String message) {

    @Override
    public String toString() {
        return field + " " + message;
    }
}
