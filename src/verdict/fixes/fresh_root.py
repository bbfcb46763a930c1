import numpy as np

def root(given=None):
    # None draws 128 bits from the operating system; log .entropy to replay the run.
    sequence = np.random.SeedSequence(given)
    print("root seed", sequence.entropy)
    return sequence
