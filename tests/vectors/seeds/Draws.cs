// What .NET's seeded Random draws after a seed of 7: a line each, "name<TAB>draws".
using System;
using System.Linq;

static class Draws {
    static void Say(string name, int n, Func<Random, object> draw) {
        var random = new Random(7);
        Console.WriteLine(name + "\t" + string.Join(" ", Enumerable.Range(0, n).Select(_ => {
            var drawn = draw(random);
            return drawn is double ? ((double)drawn).ToString("R") : drawn.ToString();
        })));
    }
    static void Main() {
        Say("net Next", 24, random => random.Next());
        Say("net Next 1000", 24, random => random.Next(1000));
        Say("net NextDouble", 24, random => random.NextDouble());
    }
}
