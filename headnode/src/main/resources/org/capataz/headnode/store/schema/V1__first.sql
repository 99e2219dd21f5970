-- The state of a cluster, and its past. Times are microseconds since 1970; states, reasons and
-- priorities are the numbers of org.capataz.model; ${bytes} holds what only Capataz reads.
-- Keys are single numbers, so that a table is one tree: those of a job's parts are
-- job * 2^32 + n, and a job's rows lie together.

CREATE TABLE cluster (
  id INTEGER PRIMARY KEY, -- always 1
  uuid UUID NOT NULL,
  name VARCHAR NOT NULL,
  epoch BIGINT NOT NULL, -- raised whenever a head node opens the database
  last_job INTEGER NOT NULL,
  last_node INTEGER NOT NULL,
  last_grant BIGINT NOT NULL,
  last_order BIGINT NOT NULL,
  last_sequence BIGINT NOT NULL
);

-- What administrators set; all else has its default.
CREATE TABLE cluster_parameter (
  name VARCHAR PRIMARY KEY,
  text VARCHAR NOT NULL
);

-- Environment variables of all tasks.
CREATE TABLE cluster_variable (
  name VARCHAR PRIMARY KEY,
  text VARCHAR NOT NULL
);

-- Job templates that were set.
CREATE TABLE job_template (
  name VARCHAR PRIMARY KEY, -- in lower case
  template ${bytes} NOT NULL -- all of it, its name as it was written too
);

-- Projects and users of the share tree of whom something was decided.
CREATE TABLE share (
  project VARCHAR NOT NULL, -- empty for a user below the root
  owner VARCHAR NOT NULL, -- empty for the project itself
  body ${bytes} NOT NULL, -- all of it
  PRIMARY KEY (project, owner)
);

-- What users have used for which projects, fading, as of the time when what they hold last changed.
CREATE TABLE share_usage (
  project VARCHAR NOT NULL, -- as their jobs name it; empty for none
  owner VARCHAR NOT NULL,
  core_seconds DOUBLE PRECISION NOT NULL,
  since BIGINT NOT NULL,
  PRIMARY KEY (project, owner)
);

CREATE TABLE node (
  id INTEGER PRIMARY KEY,
  name VARCHAR NOT NULL,
  online BOOLEAN NOT NULL,
  cores INTEGER NOT NULL,
  memory_mb INTEGER NOT NULL,
  registered ${bytes} NOT NULL -- the latest registration, all of it
);

CREATE TABLE job (
  id INTEGER PRIMARY KEY,
  request_id UUID NOT NULL UNIQUE, -- the client's request that made it
  owner VARCHAR NOT NULL,
  name VARCHAR NOT NULL,
  project VARCHAR NOT NULL,
  template VARCHAR NOT NULL,
  priority INTEGER NOT NULL,
  state INTEGER NOT NULL,
  message VARCHAR NOT NULL, -- why it was stopped or ended
  create_time BIGINT NOT NULL,
  submit_time BIGINT NOT NULL, -- 0 where it has not happened, as the next two
  start_time BIGINT NOT NULL,
  end_time BIGINT NOT NULL,
  sequence BIGINT NOT NULL, -- the journal's first record of the job
  body ${bytes} NOT NULL -- its place in the queue, progress, holds, why it waits, and its outline
);

-- A job as its owner wrote it: first the job, then what was added and changed later.
CREATE TABLE job_draft (
  id BIGINT PRIMARY KEY,
  request_id UUID, -- the client's request that wrote it, if it was one; null for the job itself
  kind INTEGER NOT NULL, -- 0 the job, 1 more tasks, 2 a change
  body ${bytes} NOT NULL
);

-- What cannot be told from the recorded ends alone: written when instances are skipped or put back,
-- and when a throttle changes.
CREATE TABLE task_checkpoint (
  id BIGINT PRIMARY KEY, -- n is the task's number
  body ${bytes} NOT NULL
);

-- Cores, GPUs and memory that jobs hold now.
CREATE TABLE grant_hold (
  id BIGINT PRIMARY KEY,
  job INTEGER NOT NULL,
  node INTEGER NOT NULL,
  open_time BIGINT NOT NULL,
  resize_time BIGINT NOT NULL,
  core_micros BIGINT NOT NULL, -- cores * microseconds held until resize_time
  memory_mb INTEGER NOT NULL,
  parts ${bytes} NOT NULL -- which cores and GPUs
);

-- What jobs held: the accounting record.
CREATE TABLE grant_usage (
  id BIGINT PRIMARY KEY,
  job INTEGER NOT NULL,
  node INTEGER NOT NULL,
  open_time BIGINT NOT NULL,
  close_time BIGINT NOT NULL,
  core_micros BIGINT NOT NULL
);

-- Attempts without a recorded end.
CREATE TABLE attempt (
  id BIGINT PRIMARY KEY, -- of this table alone
  job INTEGER NOT NULL,
  task INTEGER NOT NULL,
  ordinal INTEGER NOT NULL, -- place in the sweep, from 0
  number INTEGER NOT NULL, -- which attempt of the instance, from 1
  epoch BIGINT NOT NULL, -- the one that dispatched it
  dispatch_time BIGINT NOT NULL,
  start_time BIGINT NOT NULL, -- 0 if not known to have started
  body ${bytes} NOT NULL -- when it is given up, its placements, and why it is being stopped if it is
);

-- Recorded ends of attempts, many to a row.
CREATE TABLE ended (
  id BIGINT PRIMARY KEY,
  body ${bytes} NOT NULL
);

-- All that has happened, many records to a row.
CREATE TABLE journal (
  sequence BIGINT PRIMARY KEY, -- of the row's first record; a row has at most 512
  lowest_job INTEGER NOT NULL, -- of the jobs in the row; nodes do not count
  highest_job INTEGER NOT NULL,
  body ${bytes} NOT NULL
);
