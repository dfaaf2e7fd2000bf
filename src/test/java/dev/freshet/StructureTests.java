package dev.freshet;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/** The directions of the packages: what each may use besides itself, the problems and the platform. */
@AnalyzeClasses(packages = "dev.freshet", importOptions = ImportOption.DoNotIncludeTests.class)
class StructureTests {

    private static final String ROOT = "dev.freshet";

    private static final Set<String> FOR_ALL = Set.of("problem", "platform");

    // Path 1 reads article, feedlog, tail, stream; path 2 reads feed and its query.
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("platform", Set.of()),
            Map.entry("problem", Set.of()),
            Map.entry("launch", Set.of()),
            Map.entry("embedded", Set.of()),
            Map.entry("account", Set.of()),
            Map.entry("feedlog", Set.of()),
            Map.entry("security", Set.of("account")),
            Map.entry("limit", Set.of("security")),
            Map.entry("article", Set.of("feedlog", "account", "security")),
            Map.entry("feed", Set.of("feedlog", "tail", "article", "security", "limit")),
            Map.entry("syndication", Set.of("feed", "article")),
            Map.entry("tail", Set.of("feedlog")),
            Map.entry("stream", Set.of("feedlog", "tail", "feed", "security")),
            Map.entry("fetch", Set.of()),
            Map.entry("intake", Set.of("article", "account", "security", "fetch")),
            Map.entry("image", Set.of("account", "security")),
            Map.entry("web", Set.of("feedlog", "article", "feed", "account", "security")));

    @ArchTest
    static final ArchRule directionsHold = classes()
            .that(resideInAFeature())
            .should(new ArchCondition<JavaClass>("use only what is beneath them") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    var feature = feature(type);
                    var allowed = MAY_USE.getOrDefault(feature, Set.of());
                    type.getDirectDependenciesFromSelf().stream()
                            .filter(dependency -> isForbidden(feature, allowed, dependency))
                            .forEach(dependency ->
                                    events.add(SimpleConditionEvent.violated(type, dependency.getDescription())));
                }
            });

    @ArchTest
    static final ArchRule everyPackageHasItsDirection = classes()
            .that(resideInAFeature())
            .should(new ArchCondition<JavaClass>("be in a package that is listed here") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    if (!MAY_USE.containsKey(feature(type))) {
                        events.add(SimpleConditionEvent.violated(type, type.getName() + " is in an unlisted package"));
                    }
                }
            });

    @ArchTest
    static final ArchRule nothingKnowsWhetherStoresAreEmbedded = noClasses()
            .that()
            .resideOutsideOfPackage("dev.freshet.embedded..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.freshet.embedded..", "io.zonky..", "redis.embedded..");

    @ArchTest
    static final ArchRule everyPackageIsNullMarked = classes().should(new ArchCondition<JavaClass>("be null-marked") {
        @Override
        public void check(JavaClass type, ConditionEvents events) {
            if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                events.add(SimpleConditionEvent.violated(type, type.getPackageName() + " is not null-marked"));
            }
        }
    });

    @ArchTest
    static final ArchRule nothingBlocks = noClasses()
            .that()
            .resideOutsideOfPackages("dev.freshet.embedded..", "dev.freshet.launch..")
            .should()
            .callMethodWhere(new DescribedPredicate<>("it waits for a publisher") {
                @Override
                public boolean test(JavaMethodCall call) {
                    return call.getTargetOwner().getPackageName().startsWith("reactor.core.publisher")
                            && Stream.of("block", "toIterable", "toStream").anyMatch(call.getName()::startsWith);
                }
            });

    private static DescribedPredicate<JavaClass> resideInAFeature() {
        return DescribedPredicate.describe(
                "are in a feature's package", type -> type.getPackageName().startsWith(ROOT + "."));
    }

    private static boolean isForbidden(String feature, Set<String> allowed, Dependency dependency) {
        var target = dependency.getTargetClass().getBaseComponentType();
        if (!target.getPackageName().startsWith(ROOT)) {
            return false;
        }
        var other = feature(target);
        return !other.equals(feature) && !FOR_ALL.contains(other) && !allowed.contains(other);
    }

    private static String feature(JavaClass type) {
        var name = type.getPackageName();
        return name.equals(ROOT) ? "" : name.substring(ROOT.length() + 1).split("\\.", 2)[0];
    }
}
