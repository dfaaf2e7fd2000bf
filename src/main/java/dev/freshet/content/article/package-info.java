/**
 * Articles: the API for writing, storage, import and scheduled publication. Each change appends its event to the feed log
 * by the same statement.
 *
 * <p>{@link dev.freshet.content.article.ArticleController} receives requests. The other types share the work:
 *
 * <ul>
 *   <li>{@link dev.freshet.content.article.DraftReader} parses an {@link dev.freshet.content.article.ArticleDraft}, and
 *       {@link dev.freshet.content.article.ContentFactory} completes it to an
 *       {@link dev.freshet.content.article.ArticleContent}.
 *   <li>{@link dev.freshet.content.article.ArticleCreation} creates articles, many in one commit.
 *   <li>{@link dev.freshet.content.article.Articles} reads, changes and publishes existing articles, by id.
 *   <li>{@link dev.freshet.content.article.ArticleImport} creates or updates articles, by origin, for package
 *       {@code content.intake}.
 *   <li>{@link dev.freshet.content.article.ArticleChange} is one change: a row before and after it.
 *   <li>{@link dev.freshet.content.article.ArticleWriter} writes changes and their events; every change passes through it.
 *   <li>{@link dev.freshet.content.article.WriteStatement} builds the SQL of these writes, and
 *       {@link dev.freshet.content.article.ArticleStore} has the reads of the table.
 * </ul>
 *
 * <h2>State and threads</h2>
 * All state is in PostgreSQL, except the queue of {@link dev.freshet.content.article.GroupCommit}, which is bounded and
 * thread-safe. Longer Markdown is rendered on the threads named {@code render}, with a bounded queue.
 */
@NullMarked
package dev.freshet.content.article;

import org.jspecify.annotations.NullMarked;
