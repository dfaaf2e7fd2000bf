/**
 * The parts that Gatling simulations need to guard a release: budgets, an instance with data, measurement, verdict,
 * report. The simulations themselves are in the test folder, where Gatling's plugin looks for them.
 */
@NullMarked
package dev.freshet.load.guard;

import org.jspecify.annotations.NullMarked;
