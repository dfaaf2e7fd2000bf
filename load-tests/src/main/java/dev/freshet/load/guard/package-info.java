/**
 * What simulations of Gatling's need to guard a release: budgets, a Freshet with data, measuring, verdict, report. The
 * simulations themselves are beside the tests, where Gatling's plugin looks for them.
 */
@NullMarked
package dev.freshet.load.guard;

import org.jspecify.annotations.NullMarked;
