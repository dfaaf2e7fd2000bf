package dev.freshet;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.util.TreeScanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects from a source file the texts that users and operators read. An expression within a text is shown in braces.
 */
final class UserTexts extends TreeScanner<@Nullable Void, @Nullable Void> {

    /**
     * A text.
     *
     * @param kind the method, type or annotation that receives it, for example {@code because}
     */
    record UserText(String kind, String place, String text) {}

    private static final Set<String> METHODS = Set.of("because", "error", "warn", "info");
    private static final Set<String> TYPES = Set.of("Invalid", "StartupFailure");
    private static final Set<String> ATTRIBUTES = Set.of("summary", "description");

    private final List<UserText> found = new ArrayList<>();
    private final JavaSources sources;
    private final CompilationUnitTree unit;

    private UserTexts(JavaSources sources, CompilationUnitTree unit) {
        this.sources = sources;
        this.unit = unit;
    }

    static List<UserText> read(JavaSources sources, CompilationUnitTree unit) {
        var reader = new UserTexts(sources, unit);
        reader.scan(unit, null);
        return reader.found;
    }

    @Override
    public @Nullable Void visitMethodInvocation(MethodInvocationTree tree, @Nullable Void ignored) {
        add(METHODS, name(tree.getMethodSelect()), tree.getArguments());
        return super.visitMethodInvocation(tree, null);
    }

    @Override
    public @Nullable Void visitNewClass(NewClassTree tree, @Nullable Void ignored) {
        add(TYPES, name(tree.getIdentifier()), tree.getArguments());
        return super.visitNewClass(tree, null);
    }

    @Override
    public @Nullable Void visitAnnotation(AnnotationTree tree, @Nullable Void ignored) {
        for (var argument : tree.getArguments()) {
            if (argument instanceof AssignmentTree assignment) {
                add(ATTRIBUTES, name(assignment.getVariable()), List.of(assignment.getExpression()));
            }
        }
        return super.visitAnnotation(tree, null);
    }

    private void add(Set<String> kinds, String kind, List<? extends ExpressionTree> arguments) {
        var texts = arguments.stream()
                .filter(UserTexts::hasLiteral)
                .map(UserTexts::text)
                .toList();
        if (kinds.contains(kind) && !texts.isEmpty()) {
            var position = sources.docs().getSourcePositions().getStartPosition(unit, arguments.getFirst());
            var place = JavaSources.path(unit) + ":" + unit.getLineMap().getLineNumber(position);
            found.add(new UserText(kind, place, String.join(" ", texts)));
        }
    }

    private static String name(ExpressionTree tree) {
        return switch (tree) {
            case MemberSelectTree member -> member.getIdentifier().toString();
            case IdentifierTree identifier -> identifier.getName().toString();
            default -> "";
        };
    }

    private static boolean hasLiteral(ExpressionTree tree) {
        return switch (tree) {
            case LiteralTree literal -> literal.getValue() instanceof String;
            case BinaryTree sum -> hasLiteral(sum.getLeftOperand()) || hasLiteral(sum.getRightOperand());
            case ParenthesizedTree inner -> hasLiteral(inner.getExpression());
            case ConditionalExpressionTree choice ->
                hasLiteral(choice.getTrueExpression()) || hasLiteral(choice.getFalseExpression());
            case MethodInvocationTree call ->
                call.getMethodSelect() instanceof MemberSelectTree select && hasLiteral(select.getExpression());
            default -> false;
        };
    }

    private static String text(ExpressionTree tree) {
        return switch (tree) {
            case LiteralTree literal -> String.valueOf(literal.getValue());
            case BinaryTree sum -> text(sum.getLeftOperand()) + text(sum.getRightOperand());
            case ParenthesizedTree inner -> text(inner.getExpression());
            case ConditionalExpressionTree choice ->
                "[" + text(choice.getTrueExpression()) + " | " + text(choice.getFalseExpression()) + "]";
            case MethodInvocationTree call ->
                hasLiteral(call) ? text(((MemberSelectTree) call.getMethodSelect()).getExpression()) : "{" + call + "}";
            default -> "{" + tree + "}";
        };
    }
}
