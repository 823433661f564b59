"""What brokers keep on disk of each transaction: no producer may write on in the epoch in which it has failed."""

import struct

# Of a record batch in the log (magic 2), from its beginning to its records.
_HEADER = struct.Struct(">qiibIhiqqqhii")
# Offset and length are not part of the length.
_BEFORE_LENGTH_COUNTS = 12
_IS_CONTROL = 0x20
_ABORT = 0


def writes_after_abort(segments):
    """Of a partition's segments, in the order of their offsets, as bytes: a line for each batch that follows an aborted
    transaction of the same producer in the same epoch. librdkafka may give such a batch numbers that a late record of the
    aborted transaction has, and a broker then acknowledges it and does not write it."""
    aborted = {}
    for offset, attributes, producer, epoch, body in _batches(segments):
        if attributes & _IS_CONTROL:
            # The only record: its length, attributes, timestamp and offset (a byte each), the key's length, and the key.
            if struct.unpack(">h", body[7:9])[0] == _ABORT:
                aborted[producer] = epoch
        elif aborted.get(producer) == epoch:
            yield f"offset {offset} is of producer {producer} in epoch {epoch}, of which a transaction was aborted before"


def _batches(segments):
    for segment in segments:
        at = 0
        while at + _HEADER.size <= len(segment):
            offset, length, _, _, _, attributes, _, _, _, producer, epoch, _, _ = _HEADER.unpack_from(segment, at)
            end = at + _BEFORE_LENGTH_COUNTS + length
            # The broker is still writing it.
            if end > len(segment):
                break
            yield offset, attributes, producer, epoch, segment[at + _HEADER.size:end]
            at = end
