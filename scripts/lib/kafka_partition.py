"""The partition of a key: murmur2, as Kafka's own Java clients do it."""

_M, _MASK = 0x5BD1E995, 0xFFFFFFFF


def partition_of(key, count):
    """`key` in bytes, of a topic of `count` partitions."""
    return (_murmur2(key) & 0x7FFFFFFF) % count


def _murmur2(data):
    h = 0x9747B28C ^ len(data)
    whole = len(data) & ~3
    for start in range(0, whole, 4):
        k = int.from_bytes(data[start:start + 4], "little") * _M & _MASK
        k = (k ^ k >> 24) * _M & _MASK
        h = (h * _M & _MASK) ^ k
    if rest := data[whole:]:
        h = (h ^ int.from_bytes(rest, "little")) * _M & _MASK
    h = (h ^ h >> 13) * _M & _MASK
    return h ^ h >> 15
