package dev.freshet;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.properties.CanBeAnnotated;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Conditional;
import org.springframework.http.ReactiveHttpOutputMessage;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * The layers. A package uses packages of lower layers, and within its layer those listed after it. So a reader can begin
 * anywhere and only ever has to look down.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StructureTests {

    private static final String ROOT = "dev.freshet";

    /** All packages, from top to bottom. Packages of one layer stand together. */
    private static final List<String> PACKAGES = List.of(
            "graphql",
            "delivery.kafka",
            "delivery.rabbitmq",
            "delivery.webhook",
            "delivery.websub",
            "delivery",
            "stream",
            "read.web",
            "read.syndication",
            "read.page",
            "content.queue",
            "content.source",
            "content.intake",
            "content.format",
            "content.image",
            "content.article",
            "feed",
            "log.tail",
            "log.feedlog",
            "search",
            "limit",
            "broker.kafka",
            "broker.rabbitmq",
            "identity.security",
            "identity.admin",
            "identity.oidc",
            "identity.signin",
            "identity.credential",
            "identity.account",
            "platform.embedded",
            "platform.launch",
            "platform.outbound",
            "platform.http",
            "platform.store",
            "platform.problem",
            "platform.trace",
            "platform");

    private final JavaClasses all = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @Test
    void arrowsPointDown() {
        classes()
                .that(resideInALayer())
                .should(new ArchCondition<JavaClass>("use only packages below") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        type.getDirectDependenciesFromSelf().stream()
                                .filter(StructureTests::pointsUp)
                                .forEach(dependency ->
                                        events.add(SimpleConditionEvent.violated(type, dependency.getDescription())));
                    }
                })
                .check(all);
    }

    @Test
    void everyPackageHasItsLayer() {
        classes()
                .that(resideInALayer())
                .should(new ArchCondition<JavaClass>("be in a package that is listed here") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        if (!PACKAGES.contains(packageBelowRoot(type))) {
                            events.add(
                                    SimpleConditionEvent.violated(type, type.getName() + " is in an unlisted package"));
                        }
                    }
                })
                .check(all);
    }

    @Test
    void typesOfStreamsUseEachOtherInOneDirection() {
        SlicesRuleDefinition.slices()
                .assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass type) {
                        var outermost = type.getName().replaceAll("\\$.*", "");
                        return type.getPackageName().equals(ROOT + ".stream")
                                ? SliceIdentifier.of(outermost)
                                : SliceIdentifier.ignore();
                    }

                    @Override
                    public String getDescription() {
                        return "types of the package stream";
                    }
                })
                .should()
                .beFreeOfCycles()
                .check(all);
    }

    @Test
    void nothingKnowsWhetherStoresAreEmbedded() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.freshet.platform.embedded..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.freshet.platform.embedded..", "io.zonky..", "redis.embedded..")
                .check(all);
    }

    /** The build of the image decides which beans exist. So a setting chooses what a bean does, and never whether it exists. */
    @Test
    void noBeanDependsOnSettings() {
        var conditional = DescribedPredicate.<CanBeAnnotated>describe(
                "be conditional",
                annotated -> annotated.isMetaAnnotatedWith(Conditional.class)
                        && !annotated.isAnnotatedWith(ConditionalOnMissingBean.class));
        noClasses().should(ArchConditions.be(conditional)).check(all);
        noMethods().should(ArchConditions.be(conditional)).check(all);
    }

    @Test
    void everyPackageIsNullMarked() {
        classes()
                .should(new ArchCondition<JavaClass>("be null-marked") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                            events.add(
                                    SimpleConditionEvent.violated(type, type.getPackageName() + " is not null-marked"));
                        }
                    }
                })
                .check(all);
    }

    /**
     * The classes that may use {@code DatabaseClient}; all others use repositories. Each states its reason in its Javadoc.
     * The two configurations only pass the client on.
     */
    private static final Set<String> DATABASE_CLIENT_USERS = Set.of(
            "content.article.ArticleStatistics",
            "content.article.ArticleStore",
            "content.article.FirstSpellings",
            "identity.admin.FirstAccount",
            "content.article.SearchRewrite",
            "log.feedlog.FeedLog",
            "log.feedlog.FeedLogConfiguration",
            "read.page.DirectoryCatchUp",
            "read.page.FeedDirectory",
            "read.page.FeedPages",
            "read.page.WordFrequencies",
            "read.web.PageRoutes",
            "read.web.ReadableArticles");

    @Test
    void onlyListedClassesUseTheDatabaseClient() {
        noClasses()
                .that(DescribedPredicate.describe(
                        "are not listed here",
                        type -> !DATABASE_CLIENT_USERS.contains(
                                type.getName().replaceFirst("\\$.*", "").substring(ROOT.length() + 1))))
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("org.springframework.r2dbc.core.DatabaseClient")
                .check(all);
    }

    @Test
    void nothingBlocks() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.freshet.platform.embedded..", "dev.freshet.platform.launch..")
                .should()
                .callMethodWhere(new DescribedPredicate<>("it waits for a publisher") {
                    @Override
                    public boolean test(JavaMethodCall call) {
                        return call.getTargetOwner().getPackageName().startsWith("reactor.core.publisher")
                                && Stream.of("block", "toIterable", "toStream").anyMatch(call.getName()::startsWith);
                    }
                })
                .check(all);
    }

    /** A controller returns a value, which a codec writes. An endpoint that writes bytes is a router function. */
    @Test
    void controllersWriteNoBytes() {
        noClasses()
                .that()
                .areAnnotatedWith(RestController.class)
                .should()
                .callMethodWhere(new DescribedPredicate<>("it writes or ends a response") {
                    @Override
                    public boolean test(JavaMethodCall call) {
                        return call.getTargetOwner().isAssignableTo(ReactiveHttpOutputMessage.class)
                                && Set.of("writeWith", "writeAndFlushWith", "setComplete")
                                        .contains(call.getName());
                    }
                })
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(ServerResponse.class)
                .check(all);
    }

    /** A router function writes bytes. An endpoint whose response is a value for a codec is a controller. */
    @Test
    void functionsPassNoValuesToCodecs() {
        noClasses()
                .should()
                .callMethodWhere(new DescribedPredicate<>("it passes a value to a codec") {
                    @Override
                    public boolean test(JavaMethodCall call) {
                        return call.getTargetOwner().isEquivalentTo(BodyInserters.class)
                                || (call.getTargetOwner().isAssignableTo(ServerResponse.BodyBuilder.class)
                                        && (call.getName().equals("bodyValue")
                                                || call.getName().equals("render")
                                                || (call.getName().equals("body")
                                                        && call.getTarget()
                                                                        .getRawParameterTypes()
                                                                        .size()
                                                                == 2)));
                    }
                })
                .check(all);
    }

    private static DescribedPredicate<JavaClass> resideInALayer() {
        return DescribedPredicate.describe(
                "are in a layer", type -> type.getPackageName().startsWith(ROOT + "."));
    }

    private static boolean pointsUp(Dependency dependency) {
        var target = dependency.getTargetClass().getBaseComponentType();
        return target.getPackageName().startsWith(ROOT)
                && PACKAGES.indexOf(packageBelowRoot(target))
                        < PACKAGES.indexOf(packageBelowRoot(dependency.getOriginClass()));
    }

    /** The package below the root, such as {@code read.page}; empty for the root itself, which only assembles. */
    private static String packageBelowRoot(JavaClass type) {
        var name = type.getPackageName();
        return name.equals(ROOT) ? "" : name.substring(ROOT.length() + 1);
    }
}
