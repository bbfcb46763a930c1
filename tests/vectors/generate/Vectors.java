import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import jdk.random.L64X128MixRandom;

/**
 * Known answers of the generators of the Java library, drawn from the library itself (OpenJDK 17).
 *
 * <pre>java --add-modules jdk.random --add-exports jdk.random/jdk.random=ALL-UNNAMED Vectors.java ..</pre>
 */
class Vectors {
    static final int LATE = 99_999;

    static PrintWriter open(Path directory, String generator, String type) throws IOException {
        PrintWriter file = new PrintWriter(directory.resolve(generator + ".txt").toFile());
        file.printf("# %s%n# source: OpenJDK %s, %s%n", generator, Runtime.version(), type);
        file.printf("# program: tests/vectors/generate/Vectors.java%n");
        return file;
    }

    static void words(PrintWriter file, LongSupplier next) {
        file.print("first");
        for (int i = 0; i <= LATE; i++) {
            long word = next.getAsLong();
            if (i < 8) {
                file.printf(" 0x%x", word);
            }
            if (i == LATE) {
                file.printf("%nlate %d 0x%x%n", LATE, word);
            }
        }
    }

    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments.length > 0 ? arguments[0] : ".");
        long[] seeds = {0, 1, 42, 0x123456789abcdefL, -1};

        try (PrintWriter file = open(directory, "java-random", "java.util.Random.nextLong")) {
            for (long seed : seeds) {
                file.printf("%ncase seed 0x%x%n", seed);
                words(file, new Random(seed)::nextLong);
            }
        }

        try (PrintWriter file = open(directory, "splitmix64", "java.util.SplittableRandom")) {
            for (long seed : seeds) {
                file.printf("%ncase seed 0x%x%n", seed);
                words(file, new SplittableRandom(seed)::nextLong);
                SplittableRandom parent = new SplittableRandom(seed);
                SplittableRandom child = parent.split().split();
                file.printf("%ncase seed 0x%x%njump split 0x2%n", seed);
                words(file, child::nextLong);
                SplittableRandom moved = new SplittableRandom(seed);
                for (int i = 0; i < 1_000_003; i++) {
                    moved.nextLong();
                }
                file.printf("%ncase seed 0x%x%njump advance 0x%x%n", seed, 1_000_003);
                words(file, moved::nextLong);
            }
        }

        try (PrintWriter file = open(directory, "lxm", "jdk.random.L64X128MixRandom")) {
            long[][] states = {{1, 1, 1, 2}, {42, -5, 0x9e3779b97f4a7c15L, 7}, {1L << 63, 0, 0, 1}};
            for (long[] state : states) {
                String made = "state 0x%x 0x%x 0x%x 0x%x".formatted(state[0], state[1], state[2], state[3]);
                file.printf("%ncase %s%n", made);
                words(file, new L64X128MixRandom(state[0], state[1], state[2], state[3])::nextLong);
                L64X128MixRandom parent = new L64X128MixRandom(state[0], state[1], state[2], state[3]);
                file.printf("%ncase %s%njump split 0x1%n", made);
                // The word that a split without a brine draws first is the brine.
                words(file, parent.split(parent, parent.nextLong())::nextLong);
            }
        }
    }
}
