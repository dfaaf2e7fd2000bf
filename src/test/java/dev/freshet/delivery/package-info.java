@NullMarked
package dev.freshet.delivery;

import org.jspecify.annotations.NullMarked;
