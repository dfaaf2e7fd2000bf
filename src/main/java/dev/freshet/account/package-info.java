/** Accounts: who people are here, and their roles. Uses no feature. */
@NullMarked
package dev.freshet.account;

import org.jspecify.annotations.NullMarked;
