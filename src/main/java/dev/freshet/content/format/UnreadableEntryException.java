package dev.freshet.content.format;

import dev.freshet.content.article.StrictJson;
import java.util.function.Supplier;

/** An entry of an import is invalid. The reason is reported to the user, after the entry's line. */
public final class UnreadableEntryException extends RuntimeException {

    UnreadableEntryException(String reason) {
        super(reason, null, false, false);
    }

    /** Runs a reader and converts faults of its JSON. */
    static <T> T orFault(Supplier<T> reader) {
        try {
            return reader.get();
        } catch (StrictJson.FaultException e) {
            throw new UnreadableEntryException(e.reason());
        }
    }

    public String reason() {
        return String.valueOf(getMessage());
    }
}
