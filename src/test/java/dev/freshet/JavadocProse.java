package dev.freshet;

import com.sun.source.doctree.BlockTagTree;
import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.EndElementTree;
import com.sun.source.doctree.EntityTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.doctree.ReturnTree;
import com.sun.source.doctree.StartElementTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.doctree.ThrowsTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.PackageTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePathScanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects the prose of a file's Javadoc. */
final class JavadocProse extends TreePathScanner<@Nullable Void, @Nullable Void> {

    /** Elements of HTML that begin a new piece of prose. */
    private static final Set<String> BLOCKS =
            Set.of("p", "li", "ul", "ol", "table", "tr", "td", "th", "h2", "h3", "dt", "dd");

    private final List<Prose> found = new ArrayList<>();
    private final JavaSources sources;
    private final CompilationUnitTree unit;

    private JavadocProse(JavaSources sources, CompilationUnitTree unit) {
        this.sources = sources;
        this.unit = unit;
    }

    static List<Prose> read(JavaSources sources, CompilationUnitTree unit) {
        var reader = new JavadocProse(sources, unit);
        reader.scan(unit, null);
        return reader.found;
    }

    @Override
    public @Nullable Void visitPackage(PackageTree tree, @Nullable Void ignored) {
        read();
        return super.visitPackage(tree, null);
    }

    @Override
    public @Nullable Void visitClass(ClassTree tree, @Nullable Void ignored) {
        read();
        return super.visitClass(tree, null);
    }

    @Override
    public @Nullable Void visitMethod(MethodTree tree, @Nullable Void ignored) {
        read();
        return super.visitMethod(tree, null);
    }

    @Override
    public @Nullable Void visitVariable(VariableTree tree, @Nullable Void ignored) {
        read();
        return super.visitVariable(tree, null);
    }

    private void read() {
        var comment = sources.docs().getDocCommentTree(getCurrentPath());
        if (comment != null) {
            read(comment, comment.getFullBody());
            comment.getBlockTags().forEach(tag -> read(comment, description(tag)));
        }
    }

    private void read(DocCommentTree comment, List<? extends DocTree> trees) {
        var text = new StringBuilder();
        @Nullable DocTree first = null;
        var preformatted = false;
        for (var tree : trees) {
            if (isPreformatted(tree)) {
                preformatted = tree instanceof StartElementTree;
            } else if (!preformatted
                    && tree instanceof StartElementTree element
                    && BLOCKS.contains(element.getName().toString())) {
                add(comment, first, text);
                first = null;
            } else if (!preformatted) {
                first = first == null ? tree : first;
                text.append(text(tree));
            }
        }
        add(comment, first, text);
    }

    /** Returns whether a tag begins or ends preformatted text, which is no prose. */
    private static boolean isPreformatted(DocTree tree) {
        return (tree instanceof StartElementTree start && start.getName().contentEquals("pre"))
                || (tree instanceof EndElementTree end && end.getName().contentEquals("pre"));
    }

    private void add(DocCommentTree comment, @Nullable DocTree first, StringBuilder text) {
        if (first != null) {
            var position = sources.docs().getSourcePositions().getStartPosition(unit, comment, first);
            var line = unit.getLineMap().getLineNumber(position);
            found.add(new Prose(JavaSources.path(unit) + ":" + line, text.toString()));
            text.setLength(0);
        }
    }

    private static List<? extends DocTree> description(DocTree tag) {
        return switch (tag) {
            case ParamTree param -> param.getDescription();
            case ReturnTree returned -> returned.getDescription();
            case ThrowsTree thrown -> thrown.getDescription();
            case BlockTagTree ignored -> List.of();
            default -> List.of();
        };
    }

    private static String text(DocTree tree) {
        return switch (tree) {
            case TextTree plain -> plain.getBody();
            case LiteralTree code -> word(code.getBody().getBody());
            case LinkTree link ->
                link.getLabel().isEmpty()
                        ? word(link.getReference().getSignature())
                        : String.join(
                                "",
                                link.getLabel().stream().map(JavadocProse::text).toList());
            case ReturnTree returned ->
                "Returns "
                        + String.join(
                                "",
                                returned.getDescription().stream()
                                        .map(JavadocProse::text)
                                        .toList());
            case EntityTree ignored -> "&";
            default -> "";
        };
    }

    private static String word(String code) {
        return '`' + code.replaceAll("\\s+", "") + '`';
    }
}
