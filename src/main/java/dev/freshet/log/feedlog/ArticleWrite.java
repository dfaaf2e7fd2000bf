package dev.freshet.log.feedlog;

import io.r2dbc.postgresql.codec.Json;

/**
 * SQL that writes articles in the statement that appends their events.
 *
 * @param sql common table expressions, without {@code with}, whose only parameter is {@code $1}. One is {@code wanted} with
 *     a row for each article to write; one is {@code changed (article_id, search, was_search)} with a row for each article
 *     that was written. Row locks must be taken by an expression that {@code changed} depends on
 * @param rows the value of {@code $1}, an array of objects
 */
public record ArticleWrite(String sql, Json rows) {}
