//! From the signature to the cause to the cure: the catalogue of finding ids.
