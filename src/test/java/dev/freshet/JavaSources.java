package dev.freshet;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.tools.ToolProvider;

/**
 * Java sources, parsed by the JDK's compiler without being compiled.
 *
 * @param units the source files, sorted by path
 * @param docs reads their Javadoc
 */
record JavaSources(List<CompilationUnitTree> units, DocTrees docs) {

    static final Path MAIN = Path.of("src/main/java");
    static final Path TESTS = Path.of("src/test/java");

    /** Parses every Java file below a folder. */
    static JavaSources parse(Path root) throws IOException {
        var compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "the tests need a JDK");
        var files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8);
        var task = (JavacTask) compiler.getTask(
                null,
                files,
                null,
                List.of("-proc:none"),
                null,
                files.getJavaFileObjectsFromPaths(files(root, ".java")));
        var units = new ArrayList<CompilationUnitTree>();
        task.parse().forEach(units::add);
        return new JavaSources(units, DocTrees.instance(task));
    }

    /** Returns the path of a source file, relative to the project. */
    static Path path(CompilationUnitTree unit) {
        return Path.of("")
                .toAbsolutePath()
                .relativize(Path.of(unit.getSourceFile().toUri()));
    }

    /** Returns the files below a folder whose names have this end, sorted; none if the folder does not exist. */
    static List<Path> files(Path folder, String suffix) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (var walk = Files.walk(folder)) {
            return walk.filter(
                            file -> Files.isRegularFile(file) && file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }
}
