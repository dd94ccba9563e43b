/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.observation;

import io.micrometer.observation.Observation;

/**
 * What the contexts of all observations of messages have in common. Each of them is an
 * {@link Observation.Context}.
 */
public interface MessageContext {

	/**
	 * Return the call that is observed.
	 * @return the call
	 */
	MessageCall call();

}
