@NullMarked
package dev.freshet.content.source;

import org.jspecify.annotations.NullMarked;
