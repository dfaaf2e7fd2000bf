/**
 * Words of articles and of searches, in many languages.
 *
 * <h2>Overview</h2>
 * {@link dev.freshet.search.SearchVector} divides an article into words. PostgreSQL stores them as a {@code tsvector}; its
 * own parser and dictionaries are not used. {@link dev.freshet.search.SearchDocument} contains the stored words in memory.
 * {@link dev.freshet.search.SearchQuery} is a parsed search. It matches documents in memory, and states the same rule as a
 * query for PostgreSQL. {@link dev.freshet.search.SearchIndex} finds the searches of open streams that a document may match.
 *
 * <h2>Text to words</h2>
 * <ol>
 *   <li>{@code Normalization} folds case and compatibility characters, and unifies quotes, hyphens and digits.
 *   <li>{@code Splitter} divides text into units: words, compounds such as {@code e-mail}, and runs of scripts without
 *       spaces. It decides the positions.
 *   <li>{@code WordForms} lists the lexemes of a word: as it is written, without accents, and its stem. Articles
 *       and searches have different ones, which must fit.
 * </ol>
 *
 * <h2>Lexemes</h2>
 * A prefix separates the kinds, so that a word never equals the stem of another:
 * <ul>
 *   <li>{@code maison}: a word as written, or two neighbours in a run of Chinese, Japanese or Korean
 *   <li>{@code =ecole}: a word with accents, without them
 *   <li>{@code fr~maison}: the stem of a word by the rules of a language
 *   <li>{@code =~elect}: the stem of a word with accents, without them, in any language
 *   <li>{@code ~ab}: two neighbours in a run of a script that has a dictionary, such as Thai
 * </ul>
 *
 * <h2>Threads</h2>
 * All types are immutable, except the index and those that one call uses. After {@code LanguageData} has loaded the dictionaries,
 * nothing blocks. Long texts take milliseconds: analyse
 * them off the event loop.
 */
@NullMarked
package dev.freshet.search;

import org.jspecify.annotations.NullMarked;
