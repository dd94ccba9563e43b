/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.observation;

import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

import io.micrometer.observation.Observation;
import io.micrometer.observation.Observation.CheckedCallable;
import io.micrometer.observation.Observation.CheckedRunnable;
import io.micrometer.observation.ObservationRegistry;

import systems.tasker.messaging.MessagingException;
import systems.tasker.messaging.QueuedMessage;
import systems.tasker.messaging.SendOptions;

/**
 * Makes each call that is about messages one observation. An application uses
 * {@link #process} around what it does with a message; the other methods are for the
 * providers of messaging.
 * <p>
 * Errors are recorded and thrown on as they are. When nobody observes, calls are made and
 * nothing else happens.
 */
public final class MessageObservations {

	private final ObservationRegistry registry;

	private final String provider;

	/**
	 * Create observations of one provider.
	 * @param registry who observes
	 * @param provider what carries the messages, such as {@code pgmq}
	 */
	public MessageObservations(ObservationRegistry registry, String provider) {
		this.registry = registry;
		this.provider = provider;
	}

	/**
	 * Handle a message. A trace that began where the message was sent goes on in the
	 * handler.
	 * @param <R> the type of the result
	 * @param <E> the type of exception the handler throws
	 * @param message the message
	 * @param handler what to do with the message
	 * @return the result of the handler
	 * @throws E if the handler fails
	 */
	public <R, E extends Throwable> R process(QueuedMessage<?> message, CheckedCallable<R, E> handler) throws E {
		if (this.registry.isNoop()) {
			return handler.call();
		}
		MessageCall call = newCall(MessageOperation.PROCESS, message.queue(), 1);
		return observation(call, () -> new MessageProcessContext(call, message)).observeChecked(() -> {
			R result = handler.call();
			call.returned(1);
			return result;
		});
	}

	/**
	 * Handle a message with a handler that has no result. A trace that began where the
	 * message was sent goes on in the handler.
	 * @param <E> the type of exception the handler throws
	 * @param message the message
	 * @param handler what to do with the message
	 * @throws E if the handler fails
	 */
	public <E extends Throwable> void process(QueuedMessage<?> message, CheckedRunnable<E> handler) throws E {
		process(message, () -> {
			handler.run();
			return Boolean.TRUE;
		});
	}

	/**
	 * Send messages.
	 * @param <R> the type of the result
	 * @param queue the name of the queue, valid or not
	 * @param messageCount how many messages are sent
	 * @param options the options the caller sends with
	 * @param send sends with the options it is given, whose headers carry the trace
	 * @return the result of the call
	 * @throws MessagingException if the call fails
	 */
	public <R> R send(String queue, int messageCount, SendOptions options, Function<SendOptions, R> send) {
		if (this.registry.isNoop()) {
			return send.apply(options);
		}
		MessageCall call = newCall(MessageOperation.SEND, queue, messageCount);
		MessageSendContext context = new MessageSendContext(call, options);
		return observation(call, () -> context).observe(() -> {
			R result = send.apply(context.propagated());
			call.returned(messageCount);
			return result;
		});
	}

	/**
	 * Receive or settle messages.
	 * @param <R> the type of the result
	 * @param operation what is done
	 * @param queue the name of the queue, valid or not
	 * @param messageCount how many messages the call is about, 1 when that is open
	 * @param call the call
	 * @param resultCount says from the result how many messages it was about
	 * @return the result of the call
	 * @throws MessagingException if the call fails
	 */
	public <R> R call(MessageOperation operation, String queue, int messageCount, Supplier<R> call,
			ToIntFunction<R> resultCount) {
		if (this.registry.isNoop()) {
			return call.get();
		}
		MessageCall observed = newCall(operation, queue, messageCount);
		return observation(observed, () -> new MessageCallContext(observed)).observe(() -> {
			R result = call.get();
			observed.returned(resultCount.applyAsInt(result));
			return result;
		});
	}

	/**
	 * Settle one message.
	 * @param operation what is done
	 * @param queue the name of the queue, valid or not
	 * @param call the call
	 * @throws MessagingException if the call fails
	 */
	public void call(MessageOperation operation, String queue, Runnable call) {
		call(operation, queue, 1, () -> {
			call.run();
			return Boolean.TRUE;
		}, (result) -> 1);
	}

	private MessageCall newCall(MessageOperation operation, String queue, int messageCount) {
		return new MessageCall(operation, queue, this.provider, messageCount);
	}

	private Observation observation(MessageCall call, Supplier<Observation.Context> context) {
		return Observation.createNotStarted(null, call.operation().convention(), context, this.registry);
	}

}
