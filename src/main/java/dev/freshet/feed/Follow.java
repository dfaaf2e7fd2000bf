package dev.freshet.feed;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.UUID;
import org.springframework.data.relational.core.mapping.Table;

/**
 * A name that an account follows.
 *
 * @param kind the wire name of a {@link FeedKind}
 * @param name the tag, author or source, which need not have an article yet
 */
@Table("following")
public record Follow(@JsonIgnore UUID account, String kind, String name, Instant since) {}
