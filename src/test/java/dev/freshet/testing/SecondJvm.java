package dev.freshet.testing;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.UniqueId.Segment;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** A JVM with the flags of this one, which runs the classes marked {@link Alone}. */
final class SecondJvm {

    private static final JsonMapper JSON = new JsonMapper();

    /**
     * The result of a test, or of a class that failed as a whole.
     *
     * @param type name of the class
     * @param failure the stack trace; empty for success
     */
    record Result(String type, String test, String failure) {}

    private SecondJvm() {}

    /** Runs the classes and returns the results in their order. Fails if the JVM ends early. */
    static List<Result> run() throws IOException, InterruptedException {
        var folder = Files.createDirectories(Path.of("target", "alone"));
        var results = folder.resolve("results.json");
        var log = folder.resolve("log.txt");
        Files.deleteIfExists(results);
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("-X") || argument.startsWith("--"))
                .forEach(command::add);
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith("freshet."))
                .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), SecondJvm.class.getName(), results.toString()));
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            var code = process.waitFor();
            if (code != 0 || !Files.exists(results)) {
                throw new IllegalStateException("The second JVM ended with " + code + ". Read " + log.toAbsolutePath());
            }
        } finally {
            process.destroy();
        }
        return JSON.readValue(Files.readString(results), new TypeReference<>() {});
    }

    /** Runs the classes in this JVM, and writes their results to the file that the argument names. */
    public static void main(String... arguments) throws IOException {
        Thread.ofPlatform().daemon().start(SecondJvm::endWithTheFirst);
        var results = new ArrayList<Result>();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectPackage("dev.freshet"))
                                .filters(TagFilter.includeTags(Alone.TAG))
                                .configurationParameter("junit.jupiter.execution.parallel.enabled", "false")
                                .build(),
                        new Recorder(results));
        Files.writeString(Path.of(arguments[0]), JSON.writeValueAsString(results));
        // Threads of the libraries still run.
        System.exit(0);
    }

    /** Waits for the end of the standard input, which the first JVM holds open. */
    private static void endWithTheFirst() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is sent.
            }
        } catch (IOException e) {
            // As at its end.
        }
        System.exit(1);
    }

    private record Recorder(List<Result> results) implements TestExecutionListener {

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (test.isTest() || result.getThrowable().isPresent()) {
                results.add(new Result(
                        type(test),
                        test.getDisplayName(),
                        result.getThrowable().map(Recorder::stackTrace).orElse("")));
            }
        }

        @Override
        public void executionSkipped(TestIdentifier test, String reason) {
            results.add(new Result(type(test), test.getDisplayName(), "Skipped: " + reason));
        }

        private static String type(TestIdentifier test) {
            return test.getUniqueIdObject().getSegments().stream()
                    .filter(segment -> segment.getType().equals("class"))
                    .map(Segment::getValue)
                    .findFirst()
                    .orElse("");
        }

        private static String stackTrace(Throwable error) {
            var text = new StringWriter();
            error.printStackTrace(new PrintWriter(text));
            return text.toString();
        }
    }
}
