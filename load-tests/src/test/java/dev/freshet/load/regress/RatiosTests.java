package dev.freshet.load.regress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RatiosTests {

    private static final int COMPARISONS = 4000;
    private static final int STARTS = 10;
    // As two starts of one program differ.
    private static final double NOISE = 0.03;

    private final SplittableRandom random = new SplittableRandom(1);

    @Test
    void falseAlarmsAreAsRareAsStated() {
        assertThat(shareOfSlower(1)).isLessThan(1.5 * Ratios.FALSE_ALARMS);
    }

    @Test
    void slownessOfFivePercentIsFoundInNineOfTen() {
        assertThat(shareOfSlower(1.05)).isGreaterThan(0.9);
    }

    @Test
    void certainButSmallDifferenceDoesNotMatter() {
        assertThat(new Ratios("page", List.of(1.010, 1.011, 1.012, 1.011)).isSlower())
                .isFalse();
        assertThat(new Ratios("page", List.of(1.030, 1.031, 1.032, 1.031)).isSlower())
                .isTrue();
    }

    @Test
    void fasterHeadIsNotSlower() {
        assertThat(new Ratios("page", List.of(0.90, 0.91, 0.92)).isSlower()).isFalse();
    }

    @Test
    void twoPairsProveNothing() {
        assertThat(new Ratios("page", List.of(2.0, 2.0)).isSlower()).isFalse();
    }

    @Test
    void trustFollowsTheNoiseOfTheStarts() {
        var quiet = new Ratios("page", List.of(0.98, 0.99, 1.0, 1.01, 1.02));
        assertThat(quiet.shareOfSlower(STARTS, 1)).isLessThan(0.02);
        assertThat(quiet.shareOfSlower(STARTS, 1.05)).isGreaterThan(0.95);
        var noisy = new Ratios("page", List.of(0.8, 0.9, 1.0, 1.1, 1.25));
        assertThat(noisy.shareOfSlower(STARTS, 1.05)).isLessThan(0.3);
    }

    private double shareOfSlower(double factor) {
        return IntStream.range(0, COMPARISONS)
                        .mapToObj(number -> new Ratios(
                                "page",
                                IntStream.range(0, STARTS)
                                        .mapToObj(start -> factor * Math.exp(NOISE * random.nextGaussian()))
                                        .toList()))
                        .filter(Ratios::isSlower)
                        .count()
                / (double) COMPARISONS;
    }
}
