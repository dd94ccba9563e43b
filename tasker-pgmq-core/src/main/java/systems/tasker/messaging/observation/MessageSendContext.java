/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.observation;

import java.util.LinkedHashMap;
import java.util.Map;

import io.micrometer.observation.transport.SenderContext;
import org.jspecify.annotations.Nullable;

import systems.tasker.messaging.SendOptions;

/**
 * The context of {@code tasker.messages.send}. Its carrier are the headers of the
 * message: what a handler puts there when the observation starts is sent, such as the
 * {@code traceparent} of a trace.
 */
public final class MessageSendContext extends SenderContext<Map<String, @Nullable Object>> implements MessageContext {

	private final MessageCall call;

	private final SendOptions options;

	MessageSendContext(MessageCall call, SendOptions options) {
		super((headers, name, value) -> {
			if (headers != null) {
				headers.put(name, value);
			}
		});
		this.call = call;
		this.options = options;
		setCarrier(new LinkedHashMap<>(options.headers()));
		setRemoteServiceName(call.provider());
	}

	@Override
	public MessageCall call() {
		return this.call;
	}

	/*
	 * The options stay what they are when nobody has touched the headers: a message
	 * without headers is to stay one.
	 */
	SendOptions propagated() {
		Map<String, @Nullable Object> headers = getCarrier();
		return (headers == null || headers.equals(this.options.headers())) ? this.options
				: this.options.withHeaders(headers);
	}

}
