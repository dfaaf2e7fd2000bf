package dev.freshet.content.intake;

/** What is wrong with an entry, in words for whoever imports it. */
final class UnreadableEntryException extends RuntimeException {

    UnreadableEntryException(String reason) {
        super(reason, null, false, false);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
