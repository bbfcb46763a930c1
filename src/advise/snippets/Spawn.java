// One root of entropy a run, one stream number a task: distinct by construction, fresh, and replayable from
// the root. ChaCha20 from the JDK's own javax.crypto: the root is the key, the task the nonce. JDK 17 or newer.
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.spec.ChaCha20ParameterSpec;
import javax.crypto.spec.SecretKeySpec;

public class Spawn {
    /** The generator of one task: the same root and task give the same numbers anywhere. */
    static RandomGenerator taskRng(BigInteger root, long task) throws GeneralSecurityException {
        ByteBuffer key = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
        key.putLong(root.longValue()).putLong(root.shiftRight(64).longValue());
        ByteBuffer nonce = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN).putInt(0).putLong(task);
        Cipher stream = Cipher.getInstance("ChaCha20");
        stream.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key.array(), "ChaCha20"),
                new ChaCha20ParameterSpec(nonce.array(), 0));
        // A RandomGenerator has nextDouble, nextGaussian, nextInt(bound) and more.
        return () -> ByteBuffer.wrap(stream.update(new byte[8])).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    static long number(String name, long fallback) {
        String text = System.getenv(name);
        return text == null ? fallback : Long.parseLong(text);
    }

    public static void main(String[] arguments) throws GeneralSecurityException {
        // Draw the root once, in the launcher, log it, and hand it to every worker.
        String given = System.getenv("SEEDBENCH_SEED");
        BigInteger root = given != null ? new BigInteger(given) : new BigInteger(128, new SecureRandom());
        System.err.println("SEEDBENCH_SEED=" + root);
        RandomGenerator rng = taskRng(root, number("SEEDBENCH_WORKER", 0));
        for (long word = number("SEEDBENCH_WORDS", 4); word > 0; word--) {
            System.out.println(Long.toUnsignedString(rng.nextLong()));
        }
    }
}
