package org.capataz.systemtests;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.Timer;
import org.capataz.scheduler.broken.ReadsTheClock;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.state.ClusterState;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// The rules that all modules keep beyond those that Maven's module graph and the compiler check.
final class ArchitectureTest {
  private static final String GENERATED = "org.capataz.proto..";

  private static final JavaClasses CAPATAZ =
      new ClassFileImporter()
          .withImportOption(location -> !location.contains("/test-classes/"))
          .importPackages("org.capataz");

  private static final ArchRule THE_CORE_USES_THE_PURE_PART_OF_THE_JDK_ALONE =
      classes()
          .that()
          .resideInAnyPackage("org.capataz.model..", "org.capataz.scheduler..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "org.capataz.model..",
              "org.capataz.scheduler..",
              "org.jspecify.annotations",
              "java.lang",
              "java.lang.annotation",
              "java.lang.invoke",
              "java.lang.runtime",
              "java.math",
              "java.nio.charset",
              "java.time..",
              "java.util",
              "java.util.function",
              "java.util.regex",
              "java.util.stream")
          .because("equal inputs must give equal outcomes, in simulation too");

  private static final ArchRule THE_CORE_TAKES_TIME_CHANCE_AND_IDENTITY_FROM_ITS_CALLER =
      noClasses()
          .that()
          .resideInAnyPackage("org.capataz.model..", "org.capataz.scheduler..")
          .should()
          .accessTargetWhere(
              describe(
                  "it reads the clock, chance or the machine", ArchitectureTest::readsTheWorld))
          .orShould()
          .dependOnClassesThat(
              belongToAnyOf(
                  Clock.class,
                  Process.class,
                  ProcessBuilder.class,
                  ProcessHandle.class,
                  Random.class,
                  Runtime.class,
                  Thread.class,
                  ThreadLocal.class,
                  Timer.class))
          .because("equal inputs must give equal outcomes, in simulation too");

  private static boolean readsTheWorld(JavaAccess<?> access) {
    JavaClass owner = access.getTargetOwner();
    String name = access.getName();
    return switch (name) {
      case "now" -> owner.getPackageName().startsWith("java.time");
      case "random" -> owner.isEquivalentTo(Math.class);
      case "randomUUID", "parallelStream", "parallel" -> owner.getPackageName().startsWith("java.");
      default ->
          owner.isEquivalentTo(System.class)
              && !Set.of("arraycopy", "identityHashCode", "lineSeparator").contains(name);
    };
  }

  @Test
  void theCoreUsesThePurePartOfTheJdkAlone() {
    THE_CORE_USES_THE_PURE_PART_OF_THE_JDK_ALONE.check(CAPATAZ);
  }

  @Test
  void theCoreTakesTimeChanceAndIdentityFromItsCaller() {
    THE_CORE_TAKES_TIME_CHANCE_AND_IDENTITY_FROM_ITS_CALLER.check(CAPATAZ);
  }

  @Test
  void codeThatBreaksARuleIsRejected() {
    JavaClasses broken = new ClassFileImporter().importClasses(ReadsTheClock.class);

    assertThat(
            THE_CORE_USES_THE_PURE_PART_OF_THE_JDK_ALONE
                .evaluate(broken)
                .getFailureReport()
                .toString())
        .contains("java.nio.file.Files");
    assertThat(
            THE_CORE_TAKES_TIME_CHANCE_AND_IDENTITY_FROM_ITS_CALLER
                .evaluate(broken)
                .getFailureReport()
                .toString())
        .contains("java.time.Instant.now()");
  }

  @Test
  void policiesKnowTheModelAndNotTheEngine() {
    noClasses()
        .that()
        .resideInAPackage("org.capataz.scheduler.policy..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("org.capataz.scheduler..")
                .and(resideOutsideOfPackage("org.capataz.scheduler.policy..")))
        .check(CAPATAZ);
  }

  @Test
  void theStateIsChangedByTheEngineAndByRecoveryAlone() {
    noClasses()
        .that(
            resideOutsideOfPackages(
                "org.capataz.scheduler.engine..",
                "org.capataz.scheduler.state..",
                "org.capataz.headnode.loop.."))
        .should()
        .callMethod(ClusterState.class, "apply", Event.class)
        .check(CAPATAZ);
  }

  @Test
  void generatedMessagesStayWhereTheyAreSentAndReceived() {
    noClasses()
        .that(
            resideOutsideOfPackages(
                GENERATED,
                "org.capataz.wire..",
                "org.capataz.client..",
                "org.capataz.headnode.rpc..",
                "org.capataz.headnode.sessions..",
                "org.capataz.computenode.agent.."))
        .should()
        .dependOnClassesThat(resideInAPackage(GENERATED))
        .check(CAPATAZ);
  }

  @Test
  void theDatabaseStaysInTheStore() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.capataz.headnode.store..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("java.sql..", "javax.sql..", "org.flywaydb..", "org.h2.."))
        .check(CAPATAZ);
  }

  @Test
  void foreignFunctionsStayInTheProcessPackageOfTheComputeNode() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.capataz.computenode.process..")
        .should()
        .dependOnClassesThat(resideInAPackage("java.lang.foreign.."))
        .check(CAPATAZ);
  }

  @Test
  void theComputeNodeStartsProcessesInOnePackageAlone() {
    noClasses()
        .that()
        .resideInAPackage("org.capataz.computenode..")
        .and()
        .resideOutsideOfPackage("org.capataz.computenode.process..")
        .should()
        .dependOnClassesThat(belongToAnyOf(Process.class, ProcessBuilder.class, Runtime.class))
        .check(CAPATAZ);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("org.capataz.(**)").should().beFreeOfCycles().check(CAPATAZ);
  }

  @Test
  void everyPackageIsNullMarked() {
    assertThat(CAPATAZ.stream())
        .filteredOn(resideOutsideOfPackages(GENERATED))
        .extracting(JavaClass::getPackage)
        .allSatisfy(
            its ->
                assertThat(its.tryGetPackageInfo())
                    .as(its.getName())
                    .hasValueSatisfying(
                        info -> assertThat(info.isAnnotatedWith(NullMarked.class)).isTrue()));
  }

  @Test
  void namesSayWhatThingsAre() {
    List<String> empty = List.of("Util", "Utils", "Helper", "Manager", "Impl");

    assertThat(CAPATAZ.stream())
        .filteredOn(resideOutsideOfPackages(GENERATED))
        .extracting(JavaClass::getSimpleName)
        .noneMatch(name -> empty.stream().anyMatch(name::endsWith));
  }
}
