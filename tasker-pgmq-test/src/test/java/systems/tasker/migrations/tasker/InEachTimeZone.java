/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations.tasker;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs a test class in sessions of two time zones, whose answers must be the same. The
 * constructor takes the zone.
 */
@ParameterizedClass
@ValueSource(strings = { "UTC", "America/New_York" })
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@interface InEachTimeZone {

}
