package org.capataz.computenode.keeper;

/// What is around keeper and agent may do wrong, to show that the simulation bites.
public enum Mistake {
  A_START_IS_NOT_NOTED,
  AN_END_IS_NOT_NOTED,
  THE_SPOOL_FORGETS_WHAT_RUNS,
  AN_END_IS_ACKNOWLEDGED_BEFORE_IT_IS_COMMITTED,
  A_CONNECTION_BEGINS_WITHOUT_THE_ENDS,
  A_LEASE_IS_RENEWED_AS_OF_THE_ANSWER,
  REQUESTS_GET_LOST_ON_THE_WAY_TO_THE_KEEPER
}
