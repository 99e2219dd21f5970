package org.capataz.computenode.agent;

import com.google.protobuf.ByteString;

/// The answer to an [OutputQuery].
///
/// @param id of the query
/// @param atEnd whether this was all there is so far
/// @param refusal why there is nothing, as one line; else empty
record OutputPiece(long id, ByteString data, boolean atEnd, String refusal) {

  static OutputPiece refused(long id, String refusal) {
    return new OutputPiece(id, ByteString.EMPTY, false, refusal);
  }
}
