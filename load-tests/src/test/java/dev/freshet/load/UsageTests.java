package dev.freshet.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class UsageTests {

    @Test
    void timeOfEndedChildrenCountsWhereItIsAskedFor() throws Exception {
        var self = List.of(ProcessHandle.current().pid());
        var before = Usage.cpuSecondsWithEnded(self) - Usage.cpuSeconds(self);

        var child = new ProcessBuilder("sh", "-c", "i=0; while [ $i -lt 500000 ]; do i=$((i + 1)); done").start();
        assertThat(child.waitFor()).isZero();

        assertThat(Usage.cpuSecondsWithEnded(self) - Usage.cpuSeconds(self) - before)
                .isGreaterThan(0.05);
    }
}
