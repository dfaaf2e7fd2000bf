/** Articles: write API, storage and scheduled publication. Each change appends its event to the feed log in the same transaction. */
@NullMarked
package dev.freshet.content.article;

import org.jspecify.annotations.NullMarked;
