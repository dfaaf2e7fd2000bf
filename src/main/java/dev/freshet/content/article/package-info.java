/** The article and its life: write API, repository, scheduling. What changes here is told to the feed log in the same transaction. */
@NullMarked
package dev.freshet.content.article;

import org.jspecify.annotations.NullMarked;
