/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.observation;

/**
 * What is done with messages.
 */
public enum MessageOperation {

	/** Messages are sent. */
	SEND("tasker.messages.send"),

	/** Messages are claimed. */
	RECEIVE("tasker.messages.receive"),

	/** Messages are deleted because they are done. */
	ACK("tasker.messages.settle"),

	/** A message is given back. */
	NACK("tasker.messages.settle"),

	/** A message is put aside. */
	ARCHIVE("tasker.messages.settle"),

	/** A message is kept hidden for longer. */
	EXTEND("tasker.messages.settle"),

	/** A message is handled by the application. */
	PROCESS("tasker.messages.process");

	private final String observationName;

	private final MessageObservationConvention convention;

	MessageOperation(String observationName) {
		this.observationName = observationName;
		this.convention = new MessageObservationConvention(this);
	}

	/**
	 * Return the name of the observation.
	 * @return the name, such as {@code tasker.messages.send}
	 */
	public String observationName() {
		return this.observationName;
	}

	/*
	 * Several operations share the name of this observation.
	 */
	boolean isSettlement() {
		return this.observationName.equals(ACK.observationName);
	}

	MessageObservationConvention convention() {
		return this.convention;
	}

}
