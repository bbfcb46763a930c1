// One root of entropy a run, one stream number a task: distinct by construction, fresh, and replayable from
// the root. ChaCha20 in full, for .NET shows none as a stream: the root is the key, the task the nonce.
using System;
using System.Security.Cryptography;

// The generator of one task: the same root and task give the same numbers anywhere.
public class TaskRng : Random
{
    private readonly uint[] input = new uint[16], block = new uint[16];
    private int used = 16;

    public TaskRng(uint[] root, ulong task)
    {
        new uint[] { 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574 }.CopyTo(input, 0);
        root.CopyTo(input, 4);
        input[14] = (uint)task;
        input[15] = (uint)(task >> 32);
    }

    public ulong NextWord()
    {
        if (used == 16) Refill();
        used += 2;
        return block[used - 2] | (ulong)block[used - 1] << 32;
    }

    // Random's other methods draw by these.
    protected override double Sample() { return (NextWord() >> 11) / 9007199254740992.0; }
    public override double NextDouble() { return Sample(); }

    private void Refill()
    {
        input.CopyTo(block, 0);
        for (int round = 0; round < 10; round++)
        {
            for (int i = 0; i < 4; i++) Quarter(i, 4 + i, 8 + i, 12 + i);
            for (int i = 0; i < 4; i++) Quarter(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4);
        }
        unchecked
        {
            for (int i = 0; i < 16; i++) block[i] += input[i];
            if (++input[12] == 0) input[13]++;
        }
        used = 0;
    }

    private void Quarter(int a, int b, int c, int d)
    {
        Half(a, b, d, 16);
        Half(c, d, b, 12);
        Half(a, b, d, 8);
        Half(c, d, b, 7);
    }

    private void Half(int to, int from, int turned, int by)
    {
        unchecked { block[to] += block[from]; }
        uint word = block[turned] ^ block[to];
        block[turned] = word << by | word >> (32 - by);
    }
}

public static class Spawn
{
    // A root as it is written, a decimal number: 128 bits, least significant word first.
    private static uint[] Parse(string digits)
    {
        var root = new uint[4];
        foreach (char digit in digits)
        {
            ulong carry = (ulong)(digit - '0');
            for (int i = 0; i < 4; i++)
            {
                carry += root[i] * 10UL;
                root[i] = (uint)(carry & 0xffffffff);
                carry >>= 32;
            }
        }
        return root;
    }

    private static string Decimal(uint[] given)
    {
        var root = (uint[])given.Clone();
        string digits = "";
        while ((root[0] | root[1] | root[2] | root[3]) != 0)
        {
            ulong rest = 0;
            for (int i = 3; i >= 0; i--)
            {
                rest = rest << 32 | root[i];
                root[i] = (uint)(rest / 10);
                rest %= 10;
            }
            digits = rest + digits;
        }
        return digits == "" ? "0" : digits;
    }

    private static ulong Number(string name, ulong fallback)
    {
        string text = Environment.GetEnvironmentVariable(name);
        return text == null ? fallback : ulong.Parse(text);
    }

    public static void Main()
    {
        // Draw the root once, in the launcher, log it, and hand it to every worker.
        string given = Environment.GetEnvironmentVariable("SEEDBENCH_SEED");
        var root = new uint[4];
        if (given != null)
        {
            root = Parse(given);
        }
        else
        {
            var bytes = new byte[16];
            using (var system = RandomNumberGenerator.Create()) system.GetBytes(bytes);
            Buffer.BlockCopy(bytes, 0, root, 0, 16);
        }
        Console.Error.WriteLine("SEEDBENCH_SEED=" + Decimal(root));
        var rng = new TaskRng(root, Number("SEEDBENCH_WORKER", 0));
        for (ulong word = Number("SEEDBENCH_WORDS", 4); word > 0; word--) Console.WriteLine(rng.NextWord());
    }
}
