package org.capataz.computenode.agent;

import com.google.protobuf.ByteString;
import org.capataz.computenode.keeper.TaskOutput;

/// The answer to an [OutputQuery].
///
/// @param id of the query
/// @param missing what is not kept before the data
/// @param atEnd whether this was all there is so far
/// @param refusal why there is nothing, as one line; else empty
record OutputPiece(
    long id, TaskOutput.Missing missing, ByteString data, boolean atEnd, String refusal) {

  static OutputPiece refused(long id, String refusal) {
    return new OutputPiece(id, TaskOutput.Missing.NOTHING, ByteString.EMPTY, false, refusal);
  }
}
