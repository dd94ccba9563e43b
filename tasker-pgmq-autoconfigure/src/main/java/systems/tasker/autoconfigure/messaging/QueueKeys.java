/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.messaging;

import java.util.HashSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Refuses keys below {@code tasker.messaging.queues} that declare nothing. Binding passes
 * over what it has no place for, so that after a typo an archive would be kept for ever,
 * and without a word.
 */
final class QueueKeys {

	private static final ConfigurationPropertyName QUEUES = ConfigurationPropertyName.of("tasker.messaging.queues");

	private QueueKeys() {
	}

	/*
	 * Each source by itself: one that is overridden as a whole is not wrong.
	 */
	static void check(ConfigurableEnvironment environment) {
		for (ConfigurationPropertySource source : ConfigurationPropertySources.from(environment.getPropertySources())) {
			if (source instanceof IterableConfigurationPropertySource iterable) {
				check(iterable.filter((name) -> QUEUES.equals(name) || QUEUES.isAncestorOf(name)));
			}
		}
	}

	private static void check(IterableConfigurationPropertySource source) {
		ReadKeys read = new ReadKeys(source);
		new Binder(source).bind(QUEUES, Bindable.listOf(QueueProperties.class), read);
		source.stream().map(source::getConfigurationProperty).forEach((property) -> {
			if (property != null && !read.contains(property)) {
				throw new InvalidConfigurationPropertyValueException(key(property), property.getValue(),
						"declares nothing: " + QUEUES + " is a list, of which each element is the name of a queue, "
								+ "or has a name and none but the other properties of a queue");
			}
		});
	}

	// As somebody has written it. A name does not tell variables of the environment
	// apart, which can have dashes as underscores or leave them out.
	private static String key(ConfigurationProperty property) {
		return (property.getOrigin() instanceof PropertySourceOrigin origin) ? origin.getPropertyName()
				: property.getName().toString();
	}

	/**
	 * Keeps the keys that binding asks for. Whether their values fit is not looked at
	 * here.
	 */
	private static final class ReadKeys implements BindHandler {

		private final ConfigurationPropertySource source;

		private final Set<String> keys = new HashSet<>();

		ReadKeys(ConfigurationPropertySource source) {
			this.source = source;
		}

		@Override
		public <T> Bindable<T> onStart(ConfigurationPropertyName name, Bindable<T> target, BindContext context) {
			ConfigurationProperty property = this.source.getConfigurationProperty(name);
			if (property != null) {
				this.keys.add(key(property));
			}
			return target;
		}

		@Override
		public @Nullable Object onFailure(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
				Exception error) {
			return null;
		}

		boolean contains(ConfigurationProperty property) {
			return this.keys.contains(key(property));
		}

	}

}
