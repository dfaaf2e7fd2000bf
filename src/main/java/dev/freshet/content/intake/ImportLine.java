package dev.freshet.content.intake;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ProblemDetail;

/** A line of the response to an import. The last line is a {@link Done} or a {@link Failed}. */
public sealed interface ImportLine {

    /** The counts after a batch. */
    record Progress(Counts progress) implements ImportLine {}

    /** An entry that was skipped. */
    record Rejected(Rejection rejected) implements ImportLine {}

    /** A fault of the document or of an entry that was repaired. */
    record Repaired(Repair repaired) implements ImportLine {}

    /** The import is complete. */
    record Done(Summary summary) implements ImportLine {}

    /** The import ended early; the entries counted before are imported. */
    record Failed(ProblemDetail error) implements ImportLine {}

    /**
     * The number of entries by result.
     *
     * @param read the sum of the next four
     * @param repaired the number of repairs, of which an entry may have several
     */
    record Counts(long read, long created, long updated, long unchanged, long rejected, long repaired) {}

    /**
     * The rejection of an entry.
     *
     * @param line the line of an NDJSON body, or the position in a feed document; from 1
     */
    record Rejection(int line, String reason) {}

    /**
     * The repair of an entry, or of the whole document.
     *
     * @param line the line or position of the entry as in {@link Rejection}; null for the document
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Repair(@Nullable Integer line, String repair) {}

    /**
     * The summary of an import.
     *
     * @param seconds the duration
     * @param rejections the first rejections; null if each was reported as a line
     * @param repairs the first repairs; null if each was reported as a line
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Summary(
            @JsonUnwrapped Counts counts,
            double seconds,
            @Nullable List<Rejection> rejections,
            @Nullable List<Repair> repairs) {}
}
