// What Java draws after a seed of 7: a line each, "name<TAB>draws".
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Supplier;

class Draws {
    static void say(String name, int n, Supplier<Object> draw) {
        StringBuilder line = new StringBuilder(name + "\t");
        for (int i = 0; i < n; i++) line.append(i > 0 ? " " : "").append(draw.get());
        System.out.println(line);
    }
    public static void main(String[] arguments) {
        Random a = new Random(7), b = new Random(7), c = new Random(7), d = new Random(7), e = new Random(7);
        say("java nextDouble", 24, a::nextDouble);
        say("java nextInt 6", 48, () -> b.nextInt(6));
        say("java nextInt 1000", 24, () -> c.nextInt(1000));
        say("java nextInt 64", 24, () -> d.nextInt(64));
        say("java nextGaussian", 16, e::nextGaussian);
        SplittableRandom f = new SplittableRandom(7), g = new SplittableRandom(7);
        say("java splittable nextInt 1000", 24, () -> f.nextInt(1000));
        say("java splittable nextDouble", 24, g::nextDouble);
    }
}
