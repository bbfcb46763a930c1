<?php // One root of entropy a run, one stream number a task: distinct by construction, fresh, and replayable.
// ChaCha20 by the openssl extension: the root is the key, the task the nonce. PHP 8.2 or newer.

/** The generator of one task: the same root and task give the same numbers anywhere. */
final class TaskEngine implements Random\Engine
{
    private int $block = 0;
    private string $rest = "";

    public function __construct(private string $root, private int $task) {}

    public function generate(): string
    {
        if ($this->rest === "") {
            $nonce = pack("P2", $this->block++, $this->task);
            $zeros = str_repeat("\0", 64);
            $this->rest = openssl_encrypt($zeros, "chacha20", str_pad($this->root, 32, "\0"), OPENSSL_RAW_DATA, $nonce);
        }
        $word = substr($this->rest, 0, 8);
        $this->rest = substr($this->rest, 8);
        return $word;
    }
}

/** A root as it is written, a decimal number, in 16 bytes, least significant first. */
function parse(string $digits): string
{
    $bytes = array_fill(0, 16, 0);
    foreach (str_split($digits) as $carry) {
        foreach ($bytes as $i => $byte) {
            $carry += 10 * $byte;
            $bytes[$i] = $carry & 255;
            $carry >>= 8;
        }
    }
    return pack("C16", ...$bytes);
}

function decimal(string $root): string
{
    for ($digits = "", $bytes = array_reverse(unpack("C16", $root)); array_sum($bytes) > 0; $digits = $rest . $digits) {
        $rest = 0;
        foreach ($bytes as $i => $byte) {
            $rest = $rest << 8 | $byte;
            $bytes[$i] = intdiv($rest, 10);
            $rest %= 10;
        }
    }
    return $digits === "" ? "0" : $digits;
}

// Draw the root once, in the launcher, log it, and hand it to every worker.
$given = getenv("SEEDBENCH_SEED");
$root = $given ? parse($given) : random_bytes(16);
fwrite(STDERR, "SEEDBENCH_SEED=" . decimal($root) . "\n");
$engine = new TaskEngine($root, (int) getenv("SEEDBENCH_WORKER"));
// new Random\Randomizer($engine) has integers in a range, floats, shuffles and more.
for ($word = (int) (getenv("SEEDBENCH_WORDS") ?: 4); $word > 0; $word--) {
    printf("%u\n", unpack("P", $engine->generate())[1]);
}
