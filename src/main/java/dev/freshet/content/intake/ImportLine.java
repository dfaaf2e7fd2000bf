package dev.freshet.content.intake;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ProblemDetail;

/** A line of the answer to an import. The last one is a {@link Done} or a {@link Failed}. */
sealed interface ImportLine {

    /** Where the import is, after each batch. */
    record Progress(Counts progress) implements ImportLine {}

    /** An entry that was skipped. */
    record Rejected(Rejection rejected) implements ImportLine {}

    /** All is imported but what was rejected. */
    record Done(Summary summary) implements ImportLine {}

    /** The import ended early; what was counted before is imported. */
    record Failed(ProblemDetail error) implements ImportLine {}

    /**
     * How many entries were read, and what became of each of them.
     *
     * @param read the sum of the others
     */
    record Counts(long read, long created, long updated, long unchanged, long rejected) {}

    /**
     * Why an entry was skipped.
     *
     * @param line the line of an NDJSON body, or the position in a feed document; from 1
     */
    record Rejection(int line, String reason) {}

    /**
     * The end of an import.
     *
     * @param seconds how long it took
     * @param rejections the first rejections; null where each had a line of its own
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Summary(
            @JsonUnwrapped Counts counts,
            double seconds,
            @Nullable List<Rejection> rejections) {}
}
