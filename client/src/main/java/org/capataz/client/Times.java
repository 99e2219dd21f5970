package org.capataz.client;

import java.time.Instant;
import java.util.Optional;

/// When things happened to a job; empty for what has not happened.
public record Times(
    Instant create, Optional<Instant> submit, Optional<Instant> start, Optional<Instant> end) {}
