/** Accounts: who writes, and the first of them. Uses {@code security} for its token; any feature may look accounts up. */
@NullMarked
package dev.freshet.account;

import org.jspecify.annotations.NullMarked;
