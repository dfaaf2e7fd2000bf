package dev.freshet.load.guard;

import dev.freshet.load.planted.PlantedFault;
import dev.freshet.load.planted.UnconfirmedDeliveries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Starts Freshet's own jar with {@link PlantedFault} on its class path. */
public final class PlantedServer {

    private static final String LAUNCHER = "org.springframework.boot.loader.launch.PropertiesLauncher";
    private static final String IMPORTS =
            "META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports";

    private PlantedServer() {}

    /**
     * Returns the arguments of a JVM that starts a jar with a fault, in place of {@code -jar}.
     *
     * @param folder a folder for the classes of the fault
     * @param nanos the processor time that the fault adds to each read, where it is one that costs
     */
    public static List<String> arguments(Path folder, Path jar, String fault, long nanos) throws IOException {
        var name = PlantedFault.class.getName();
        for (var type : List.of(name, name + "$Cost", UnconfirmedDeliveries.class.getName())) {
            var file = type.replace('.', '/') + ".class";
            var to = folder.resolve(file);
            Files.createDirectories(Objects.requireNonNull(to.getParent()));
            try (var bytes = PlantedServer.class.getResourceAsStream("/" + file)) {
                Files.write(to, Objects.requireNonNull(bytes).readAllBytes());
            }
        }
        var imports = folder.resolve(IMPORTS);
        Files.createDirectories(Objects.requireNonNull(imports.getParent()));
        Files.writeString(imports, name + "\n");
        return new ArrayList<>(List.of(
                "-Dloader.path=" + folder,
                "-D" + PlantedFault.FAULT + "=" + fault,
                "-D" + PlantedFault.COST + "=" + nanos,
                "-cp",
                jar.toString(),
                LAUNCHER));
    }
}
