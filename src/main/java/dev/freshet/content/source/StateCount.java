package dev.freshet.content.source;

import org.springframework.data.relational.core.mapping.Table;

/** The number of sources of one state; {@code failing} is one. */
@Table("polled_source")
record StateCount(String state, long count) {}
