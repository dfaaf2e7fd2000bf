package dev.freshet.content.source;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.freshet.content.intake.ImportLine;
import org.jspecify.annotations.Nullable;

/** The result of a poll as the table receives it. */
record PollReport(
        @JsonUnwrapped Entry entry,
        @JsonUnwrapped Next next,
        @JsonUnwrapped Place place) {

    /** The entry in the list of polls, as in {@link PollRow}. */
    record Entry(
            @Nullable Integer status,
            long created,
            long updated,
            long unchanged,
            long rejected,
            long repaired,
            long millis,
            @Nullable String reason) {

        static Entry of(@Nullable Integer status, ImportLine.Counts counts, long millis, @Nullable String reason) {
            return new Entry(
                    status,
                    counts.created(),
                    counts.updated(),
                    counts.unchanged(),
                    counts.rejected(),
                    counts.repaired(),
                    millis,
                    reason);
        }
    }

    /**
     * The next poll.
     *
     * @param delay seconds until then
     * @param period the adaptive seconds between polls
     * @param success whether this poll counts as a success
     * @param failing whether the source is failing from now on, if it was not before
     * @param ended whether the feed is gone
     */
    record Next(double delay, double period, boolean success, boolean failing, boolean ended) {}

    /**
     * The address of the next poll, and the facts about the last document, as in {@link SourceRow}.
     *
     * @param moved whether the host is another one
     */
    record Place(
            @Nullable String feed,
            String host,
            boolean moved,
            @Nullable String etag,
            @Nullable String lastModified,
            @Nullable Long body,
            String entries,
            @Nullable String hints) {

        /** The place of a source that stays as it is. */
        static Place of(SourceRow source) {
            return new Place(
                    source.feed(),
                    source.host(),
                    false,
                    source.etag(),
                    source.lastModified(),
                    source.body(),
                    source.entries(),
                    source.hints());
        }

        /** The place of a source whose document has to be read as a whole. */
        static Place of(SourceRow source, @Nullable String feed, String host) {
            return new Place(feed, host, !host.equals(source.host()), null, null, null, "", null);
        }
    }
}
